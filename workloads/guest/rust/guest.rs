//! What a workload in Rust is written against.
//!
//! A workload is one function from a request to a response. Its main.rs reads
//!
//! ```ignore
//! #![cfg_attr(target_family = "wasm", no_main)]
//!
//! #[path = "../../guest/rust/guest.rs"]
//! mod guest;
//!
//! guest::serve!(handle);
//!
//! fn handle(request: &[u8], response: &mut Vec<u8>) { … }
//! ```
//!
//! and becomes, from one source,
//!
//! - a WebAssembly reactor with the exports of package edgebench/runners/abi,
//!   which imports nothing;
//! - an executable that serves the frames of package edgebench/runners/frame.
//!
//! The request is never empty, and the response is appended to what the buffer
//! holds. A workload keeps to what both sides do alike: no files, no clock, no
//! randomness, no threads.
//!
//! The kit is a module of each workload's own crate and no crate beside it, so
//! that nothing which is built depends on where the kit lies.

// Each workload takes of the kit what it needs.
#![allow(dead_code, unused_macros, unused_imports)]

pub mod http;
#[cfg(not(target_family = "wasm"))]
pub mod native;
#[cfg(target_family = "wasm")]
pub mod wasm;

/// The longest request and the longest response, in bytes: abi.MaxMessage.
pub const MAX_MESSAGE: usize = 64 << 20;

/// Answers a request: appends the response to the last argument.
pub type Handler<S> = fn(state: &mut S, request: &[u8], response: &mut Vec<u8>);

/// Makes the crate a workload: of a function, or of a state that is costly to
/// make and a function that works on it, as in
/// `serve!(Router, Router::new, Router::answer)` with `fn new() -> Router` and
/// `fn answer(&mut self, request: &[u8], response: &mut Vec<u8>)`. The state is
/// made in the module's `_initialize`, or before the executable reads anything.
macro_rules! serve {
    ($handle:path) => {
        #[cfg(target_family = "wasm")]
        crate::guest::wasm::export!((), Some(()), |_, request, response| $handle(request, response));

        #[cfg(not(target_family = "wasm"))]
        fn main() {
            crate::guest::native::main(|| (), |_, request, response| $handle(request, response))
        }
    };
    ($state:ty, $start:path, $handle:path) => {
        #[cfg(target_family = "wasm")]
        crate::guest::wasm::export!($state, None, $handle);

        #[cfg(target_family = "wasm")]
        #[export_name = "_initialize"]
        pub extern "C" fn initialise() {
            crate::reactor::get().start($start())
        }

        #[cfg(not(target_family = "wasm"))]
        fn main() {
            crate::guest::native::main($start, $handle)
        }
    };
}
pub(crate) use serve;
