/* path.hpp: the path of a target, and the rules for it. */
#ifndef EDGEBENCH_PATH_HPP
#define EDGEBENCH_PATH_HPP

#include <optional>
#include <string_view>

/* normalise returns the path, which begins with a slash, without empty and dot
 * segments and with its escapes in one form; none if one of them is not an
 * escape. The result stays until the next call. */
std::optional<std::string_view> normalise(std::string_view path);

/* A rule applies to paths that start with `from`; where `whole` is set, `from`
 * must be all of the path. No rule is the rule that changes nothing. */
struct Rule {
	std::string_view from, to;
	bool whole, redirect;
};

/* rule_for returns the first rule that applies. */
Rule rule_for(std::string_view path);

#endif
