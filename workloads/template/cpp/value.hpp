/* value.hpp: the data of a page, which comes as JSON. */
#ifndef EDGEBENCH_VALUE_HPP
#define EDGEBENCH_VALUE_HPP

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

struct Value;
struct Member;

struct Null {};

/* A number is only ever printed, and so stays as it was written. */
struct Number {
	std::string_view written;
};

using List = std::vector<Value>;
using Object = std::vector<Member>;

struct Value {
	std::variant<Null, bool, Number, std::string, List, Object> is;

	/* find returns the member of that name, NULL if there is none: the last, if
	 * the object has it twice. What is no object has none. */
	const Value *find(std::string_view name) const;

	/* holds says whether a section shows what is in it. */
	bool holds() const;
};

struct Member {
	std::string name;
	Value value;
};

/* read_data reads an object as the manifest's rules have it; none if it is not
 * one. Numbers are views of the text. */
std::optional<Value> read_data(std::string_view text);

#endif
