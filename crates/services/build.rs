//! Migrations are compiled in: a changed one must compile this crate anew.

#[expect(clippy::print_stdout, reason = "the way a build script talks to cargo")]
fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
