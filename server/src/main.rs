//! The program `tobit`: web server and command line over the services of the product.

use app as _; // Without a reference the linker drops the crate, and no server function is registered.

mod cli;
mod database;
mod eval;
mod http;
mod logs;
mod rest;
mod serve;

use std::process::ExitCode;

fn main() -> ExitCode {
    let command = match cli::read() {
        Ok(command) => command,
        Err(code) => return code,
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            cli::say::failure(&anyhow::Error::new(error));
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(Box::pin(cli::run(command)));
    // Work that nobody waits for any more ends with the program.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    match ended {
        Ok(code) => code,
        Err(error) => {
            cli::say::failure(&error);
            ExitCode::FAILURE
        }
    }
}
