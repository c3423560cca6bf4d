/* fields.hpp: what the fields of a request say, and which of them go on. */
#ifndef EDGEBENCH_FIELDS_HPP
#define EDGEBENCH_FIELDS_HPP

#include <optional>
#include <string_view>

#include "http.hpp"
#include "text.hpp"

/* The Host field as it came, and its name in lower case without port and without
 * www., which stays until the next is read. */
struct Host {
	std::string_view came, name;
};

/* read_host finds the one Host field; none if it is not as it must be. */
std::optional<Host> read_host(const guest::Head &head);

/* origin_of returns the host that a request for this name goes on to. */
std::string_view origin_of(std::string_view name);

/* is_ambiguous: two lengths, or a length beside chunks, are how requests are
 * smuggled. */
bool is_ambiguous(const guest::Head &head);

/* is_dropped: the field of that name does not go on. */
bool is_dropped(const guest::Head &head, std::string_view name);

/* bucket returns "a" or "b" by a hash of the cookie uid. */
std::string_view bucket(const guest::Head &head);

#endif
