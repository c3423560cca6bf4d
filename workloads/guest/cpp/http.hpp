/*
 * http.hpp: a strict reader of the head of an HTTP/1.1 request. guest/c/http.h is
 * the same in C and states the rules: the two refuse the same requests for the
 * same reason.
 */
#ifndef EDGEBENCH_HTTP_HPP
#define EDGEBENCH_HTTP_HPP

#include <optional>
#include <string_view>
#include <vector>

namespace guest {

/* The name has only the characters of a token, the value no space around it. */
struct Field {
	std::string_view name, value;
};

/* All views are into the request. */
struct Head {
	std::string_view method, target, body;
	std::vector<Field> fields;

	/* read takes a request apart, and returns why it is refused, "" if it is
	 * not. */
	std::string_view read(std::string_view request);

	/* single finds the one field of that name; none if there are more. */
	std::optional<std::string_view> single(std::string_view name) const;
};

}  // namespace guest

#endif
