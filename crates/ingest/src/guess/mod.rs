pub struct Known;
pub fn guess() {}
