/*
 * guest.hpp: what a workload in C++ is written against: one function, of which
 * the kit in guest/c makes what it makes of guest_handle. C++17 with its
 * standard library, but
 *
 *   without exceptions and RTTI, which the library for WebAssembly does not have: what
 *   would throw ends the guest;
 *   without streams and locales, which cost a module some 300 KB.
 */
#ifndef EDGEBENCH_GUEST_HPP
#define EDGEBENCH_GUEST_HPP

#include <string_view>

namespace guest {

/* handle answers one request, which is never empty. The response stays as it is
 * until the next call. */
std::string_view handle(std::string_view request);

}  // namespace guest

#endif
