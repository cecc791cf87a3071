//! Files of an estate to typed rows through a mapping; no IO beyond readers.
