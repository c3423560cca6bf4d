//! probe: the guest of the conformance suite. c/probe.c lists its operations;
//! this program differs where its language does: what ends it is a panic.

#![cfg_attr(target_family = "wasm", no_main)]

#[path = "../../guest/rust/guest.rs"]
mod guest;

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

guest::serve!(handle);

fn handle(request: &[u8], response: &mut Vec<u8>) {
    let (operation, rest) = (request[0], &request[1..]);
    match operation {
        b'E' => response.extend_from_slice(rest),
        b'C' => count(response),
        b'T' => panic!("asked to trap"),
        b'S' => spin(),
        b'B' => lie(response),
        _ => match decimal(rest) {
            Some(value) => numbered(operation, value, response),
            None => response.push(b'?'),
        },
    }
}

/// Reads a text of one to ten digits.
fn decimal(text: &[u8]) -> Option<u64> {
    if text.len() > 10 || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(text).ok()?.parse().ok()
}

fn numbered(operation: u8, value: u64, response: &mut Vec<u8>) {
    match operation {
        b'M' if keep(value) => response.extend_from_slice(b"ok"),
        b'M' => response.extend_from_slice(b"no memory"),
        b'R' => ramp(value, response),
        b'X' => std::process::exit(value as i32),
        b'D' => {
            recurse(value);
            response.extend_from_slice(b"ok");
        }
        _ => response.push(b'?'),
    }
}

fn count(response: &mut Vec<u8>) {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let n = COUNTER.fetch_add(1, Ordering::Relaxed) + 1;
    response.extend_from_slice(n.to_string().as_bytes());
}

/// Looks at something in each round: a loop that does nothing may be removed.
fn spin() {
    static AGAIN: AtomicBool = AtomicBool::new(true);
    while AGAIN.load(Ordering::SeqCst) {}
}

/// Touches every page, or the bytes would exist only on paper; never gives them
/// back.
fn keep(n: u64) -> bool {
    let mut room = Vec::<u8>::new();
    let size = usize::try_from(n).ok().filter(|_| n <= u32::MAX.into());
    if size.map_or(true, |size| room.try_reserve_exact(size).is_err()) {
        return false;
    }
    for page in room.spare_capacity_mut().chunks_mut(4096) {
        page[0].write(1);
    }
    std::mem::forget(room);
    true
}

fn ramp(n: u64, response: &mut Vec<u8>) {
    if n > guest::MAX_MESSAGE as u64 {
        // Too much to send, and so not worth filling.
        return response.resize(response.len() + guest::MAX_MESSAGE + 1, 0);
    }
    response.extend((0..n).map(|i| (i % 251) as u8));
}

/// Keeps something of each frame alive, so that no compiler makes a loop of it.
fn recurse(depth: u64) -> u64 {
    let mut here = 0;
    // A write that must happen, to a place of this frame's own.
    unsafe { std::ptr::write_volatile(&mut here, depth) };
    if depth == 0 {
        return 0;
    }
    recurse(depth - 1) + here
}

/// Claims 100 bytes at 0xfffffff0, where there is no memory.
#[cfg(target_family = "wasm")]
fn lie(response: &mut Vec<u8>) {
    // Nobody reads or frees them: the host refuses the response.
    let nowhere = unsafe { Vec::from_raw_parts(0xfffffff0 as *mut u8, 100, 100) };
    std::mem::forget(std::mem::replace(response, nowhere));
}

/// Claims so much behind the frame's header that the announced length is
/// 0xffffffff bytes, of which there are none.
#[cfg(not(target_family = "wasm"))]
fn lie(response: &mut Vec<u8>) {
    // The kit sends the header alone and leaves.
    unsafe { response.set_len(response.len() + 0xffff_ffff) };
}
