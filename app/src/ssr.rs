//! What server functions share: the program's state, the caller, cookies, the status of an error.
