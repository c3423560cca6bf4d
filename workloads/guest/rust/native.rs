//! The shell for executables, which serves the frames of package
//! edgebench/runners/frame: on stdin and stdout, or on the unix socket whose
//! path is the one argument. It exits with 0 when its input ends between two
//! frames, and with 1 and a line on stderr on whatever else goes wrong. Rust's
//! runtime ignores SIGPIPE: a reader that has left is an error of the write.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Error, ErrorKind, Read, Write};
use std::os::unix::io::FromRawFd;
use std::os::unix::net::UnixStream;
use std::process::exit;

use super::{Handler, MAX_MESSAGE};

const HEADER: usize = 4;
const ROOM: usize = 64 << 10;

pub fn main<S>(start: fn() -> S, handler: Handler<S>) {
    let entry = entry_clock();
    let arguments: Vec<_> = std::env::args_os().collect();
    if arguments.len() > 2 {
        eprintln!("usage: {} [SOCKET]", arguments[0].to_string_lossy());
        exit(2);
    }
    let mut server = Server { state: start(), handler, entry, request: Vec::new(), response: Vec::new() };
    let outcome = match arguments.get(1) {
        Some(path) => UnixStream::connect(path)
            .map_err(|e| Error::new(e.kind(), format!("{}: {}", path.to_string_lossy(), e)))
            .and_then(|socket| server.serve(&socket, &socket)),
        None => server.serve(standard(0), standard(1)),
    };
    if let Err(e) = outcome {
        eprintln!("guest: {}", e);
        exit(1);
    }
}

/// Standard input or output without the library's buffer, which would flush a
/// response line by line.
fn standard(descriptor: i32) -> File {
    // Nothing else in the program uses the descriptor.
    unsafe { File::from_raw_fd(descriptor) }
}

struct Server<S> {
    state: S,
    handler: Handler<S>,
    entry: u64,
    request: Vec<u8>,
    response: Vec<u8>, // with room for the header in front
}

impl<S> Server<S> {
    fn serve(&mut self, input: impl Read, mut output: impl Write) -> io::Result<()> {
        let mut input = BufReader::with_capacity(ROOM, input);
        while !at_end(&mut input)? {
            self.read(&mut input).map_err(early_end)?;
            self.answer(&mut output)?;
        }
        Ok(())
    }

    fn read(&mut self, input: &mut impl Read) -> io::Result<()> {
        let mut header = [0; HEADER];
        input.read_exact(&mut header)?;
        let n = u32::from_le_bytes(header) as usize;
        if n > MAX_MESSAGE {
            return Err(invalid(format!("request of {} bytes, at most {} are taken", n, MAX_MESSAGE)));
        }
        self.request.resize(n, 0);
        input.read_exact(&mut self.request)
    }

    /// Sends header and response in one write.
    fn answer(&mut self, output: &mut impl Write) -> io::Result<()> {
        self.response.clear();
        self.response.resize(HEADER, 0);
        if self.request.is_empty() {
            self.response.extend_from_slice(&self.entry.to_le_bytes());
        } else {
            (self.handler)(&mut self.state, &self.request, &mut self.response);
        }
        let n = self.response.len() - HEADER;
        self.response[..HEADER].copy_from_slice(&(n as u32).to_le_bytes());
        if n > MAX_MESSAGE {
            // The length tells the runner; after it nothing can follow.
            output.write_all(&self.response[..HEADER])?;
            return Err(invalid(format!("response of {} bytes, at most {} are sent", n, MAX_MESSAGE)));
        }
        output.write_all(&self.response)
    }
}

fn at_end(input: &mut impl BufRead) -> io::Result<bool> {
    loop {
        match input.fill_buf() {
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            read => return read.map(|unread| unread.is_empty()),
        }
    }
}

fn early_end(e: Error) -> Error {
    if e.kind() == ErrorKind::UnexpectedEof {
        return Error::new(e.kind(), "the input ends within a frame");
    }
    e
}

fn invalid(why: String) -> Error {
    Error::new(ErrorKind::InvalidData, why)
}

#[cfg(target_os = "linux")]
#[repr(C)]
struct Timespec {
    seconds: std::os::raw::c_long,
    nanoseconds: std::os::raw::c_long,
}

/// CLOCK_MONOTONIC in nanoseconds. The standard library, which is linked to
/// libc anyway, does not show what its Instant holds.
#[cfg(target_os = "linux")]
fn entry_clock() -> u64 {
    extern "C" {
        fn clock_gettime(clock: i32, at: *mut Timespec) -> i32;
    }
    const MONOTONIC: i32 = 1;
    let mut t = Timespec { seconds: 0, nanoseconds: 0 };
    if unsafe { clock_gettime(MONOTONIC, &mut t) } != 0 {
        return 0;
    }
    t.seconds as u64 * 1_000_000_000 + t.nanoseconds as u64
}

/// There is no clock here that the host could compare with.
#[cfg(not(target_os = "linux"))]
fn entry_clock() -> u64 {
    0
}
