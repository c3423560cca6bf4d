//! The shell for WebAssembly: a reactor as package edgebench/runners/abi describes
//! it, or with --cfg component the world `handler` (guest/component/wit).

use super::Handler;

/// What an instance holds between calls; the host has the addresses of both
/// buffers.
pub struct Reactor<S> {
    state: Option<S>,
    request: Vec<u8>,
    response: Vec<u8>,
}

impl<S> Reactor<S> {
    pub const fn new(state: Option<S>) -> Self {
        Reactor { state, request: Vec::new(), response: Vec::new() }
    }

    pub fn start(&mut self, state: S) {
        self.state = Some(state);
    }

    /// Gives the address of room for a request of n bytes, which the host
    /// writes to; what was there is lost.
    pub fn alloc(&mut self, n: usize) -> *mut u8 {
        self.request.clear();
        self.request.reserve(n);
        self.request.as_mut_ptr()
    }

    /// Answers the request at the address that alloc gave: the response's
    /// address in the upper and its length in the lower half.
    ///
    /// # Safety
    ///
    /// The host has written n bytes to the address.
    pub unsafe fn handle(&mut self, at: *mut u8, n: usize, handler: Handler<S>) -> u64 {
        if n == 0 {
            return 0; // a ping
        }
        assert!(at == self.request.as_mut_ptr() && n <= self.request.capacity(), "the request is not where alloc said");
        self.request.set_len(n);
        self.response.clear();
        let state = self.state.as_mut().expect("_initialize has not been called");
        handler(state, &self.request, &mut self.response);
        (self.response.as_ptr() as u64) << 32 | self.response.len() as u64
    }
}

/// Exports alloc and handle of the crate's one reactor.
macro_rules! export {
    ($state:ty, $initial:expr, $handle:expr) => {
        mod reactor {
            use super::*;
            use crate::guest::wasm::Reactor;

            static mut REACTOR: Reactor<$state> = Reactor::new($initial);

            /// A module has one thread, and a host that calls it from outside
            /// only: no two references live at once.
            pub(super) fn get() -> &'static mut Reactor<$state> {
                unsafe { &mut REACTOR }
            }

            #[cfg(not(component))]
            #[no_mangle]
            pub extern "C" fn alloc(n: usize) -> *mut u8 {
                get().alloc(n)
            }

            #[cfg(not(component))]
            #[export_name = "handle"]
            pub unsafe extern "C" fn answer(at: *mut u8, n: usize) -> u64 {
                get().handle(at, n, $handle)
            }

            /// The host asks for memory for one thing alone, the request. It never
            /// makes one longer: `_old` is null.
            #[cfg(component)]
            #[export_name = "cabi_realloc"]
            pub extern "C" fn realloc(_old: *mut u8, _was: usize, _align: usize, n: usize) -> *mut u8 {
                get().alloc(n)
            }

            /// Gives the address of the response's address and length.
            #[cfg(component)]
            #[export_name = "handle"]
            pub unsafe extern "C" fn answer(at: *mut u8, n: usize) -> *const [usize; 2] {
                static mut RESPONSE: [usize; 2] = [0; 2];
                let packed = get().handle(at, n, $handle);
                RESPONSE = [(packed >> 32) as usize, packed as u32 as usize];
                &RESPONSE
            }
        }
    };
}
pub(crate) use export;
