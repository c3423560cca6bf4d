//! noop: answers every request with an empty response.

#![cfg_attr(target_family = "wasm", no_main)]

#[path = "../../guest/rust/guest.rs"]
mod guest;

guest::serve!(handle);

fn handle(_request: &[u8], _response: &mut Vec<u8>) {}
