#include "value.hpp"

#include <algorithm>

const Value *Value::find(std::string_view name) const
{
	const Object *object = std::get_if<Object>(&is);
	if (object == nullptr)
		return nullptr;
	const auto last = std::find_if(object->rbegin(), object->rend(),
				       [&](const Member &member) { return member.name == name; });
	return last == object->rend() ? nullptr : &last->value;
}

bool Value::holds() const
{
	struct {
		bool operator()(Null) const { return false; }
		bool operator()(bool truth) const { return truth; }
		bool operator()(Number n) const { return n.written.find_first_of("123456789") != n.written.npos; }
		bool operator()(const std::string &text) const { return !text.empty(); }
		bool operator()(const List &list) const { return !list.empty(); }
		bool operator()(const Object &) const { return true; }
	} visitor;
	return std::visit(visitor, is);
}
