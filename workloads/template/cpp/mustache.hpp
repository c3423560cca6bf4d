/*
 * mustache.hpp: templates in the language of the Mustache specification, without
 * lambdas, other delimiters, and partials that contain themselves.
 */
#ifndef EDGEBENCH_MUSTACHE_HPP
#define EDGEBENCH_MUSTACHE_HPP

#include <string>
#include <string_view>
#include <vector>

#include "value.hpp"

/* A piece of a template. */
struct Node {
	enum class Kind { text, escaped, raw, section, inverted };

	Kind kind;
	std::string text; /* of a text */
	/* The parts of the name in a tag; "." has none. */
	std::vector<std::string> name;
	/* What a section has in it. */
	std::vector<Node> inner;
};

using Template = std::vector<Node>;

/* A finder returns the text of a partial, "" if there is none of that name. */
using Finder = std::string_view (*)(std::string_view name);

/* compile takes a template apart, and puts the partials where they are named. */
Template compile(std::string_view text, Finder partials);

/* render appends the page to out and returns whether it fits in limit bytes; what
 * is appended may then be more, and is no page. */
bool render(const Template &page, const Value &data, size_t limit, std::string &out);

#endif
