//! A generated company estate with incidents of known cause.
