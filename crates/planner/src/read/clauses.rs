//! Questions of several sentences.
