#include "fields.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace {

constexpr size_t max_host = 255;

constexpr std::array<std::string_view, 11> always_dropped = {
	"connection", "keep-alive", "proxy-connection", "proxy-authenticate",
	"proxy-authorization", "te", "trailer", "upgrade",
	"x-forwarded-proto", "x-forwarded-host", "x-bucket",
};
constexpr std::array<std::string_view, 4> never_dropped = {
	"host", "content-length", "transfer-encoding", "cookie",
};

bool is_name(std::string_view name)
{
	return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
		return guest::is_letter(c) || guest::is_digit(c) || c == '-' || c == '.';
	});
}

bool is_port(std::string_view port)
{
	return port.size() >= 1 && port.size() <= 5 &&
	       std::all_of(port.begin(), port.end(), guest::is_digit);
}

template <size_t N>
bool is_listed(std::string_view name, const std::array<std::string_view, N> &words)
{
	return std::any_of(words.begin(), words.end(),
			   [&](std::string_view word) { return guest::same(name, word); });
}

/* is_nominated: a Connection field names it as meant for this hop. */
bool is_nominated(const guest::Head &head, std::string_view name)
{
	return std::any_of(head.fields.begin(), head.fields.end(), [&](const guest::Field &field) {
		return guest::same(field.name, "connection") &&
		       guest::any_part(field.value, ",", [&](std::string_view part) {
			       return guest::same(guest::trim(part), name);
		       });
	});
}

/* find_uid returns the first cookie uid that has a value, "" if there is none. */
std::string_view find_uid(const guest::Head &head)
{
	std::string_view uid;
	for (const auto &[name, value] : head.fields) {
		if (!guest::same(name, "cookie"))
			continue;
		if (guest::any_part(value, ";", [&](std::string_view part) {
			    part = guest::trim(part);
			    if (guest::starts_with(part, "uid="))
				    uid = part.substr(4);
			    return !uid.empty();
		    }))
			break;
	}
	return uid;
}

}  // namespace

std::optional<Host> read_host(const guest::Head &head)
{
	static std::string room;
	const std::optional<std::string_view> came = head.single("host");
	if (!came || came->size() > max_host)
		return {};
	std::string_view port = *came, name;
	const bool has_port = guest::cut(port, ":", name);
	if (!is_name(name) || (has_port && !is_port(port)))
		return {};
	room.assign(name);
	std::transform(room.begin(), room.end(), room.begin(), guest::lower);
	const bool bare = room.size() > 4 && guest::starts_with(room, "www.");
	return Host{*came, std::string_view(room).substr(bare ? 4 : 0)};
}

std::string_view origin_of(std::string_view name)
{
	if (name == "example.com")
		return "web.origin.internal";
	if (name == "shop.example.com")
		return "shop.origin.internal";
	if (name == "img.example.com")
		return "images.origin.internal";
	return name;
}

bool is_ambiguous(const guest::Head &head)
{
	return std::count_if(head.fields.begin(), head.fields.end(), [](const guest::Field &field) {
		       return guest::same(field.name, "content-length") ||
			      guest::same(field.name, "transfer-encoding");
	       }) > 1;
}

bool is_dropped(const guest::Head &head, std::string_view name)
{
	constexpr std::string_view internal = "x-internal-";
	if (is_listed(name, always_dropped) || guest::same(name.substr(0, internal.size()), internal))
		return true;
	return !is_listed(name, never_dropped) && is_nominated(head, name);
}

std::string_view bucket(const guest::Head &head)
{
	const std::string_view uid = find_uid(head);
	uint64_t hash = 14695981039346656037u;
	for (const unsigned char c : uid)
		hash = (hash ^ c) * 1099511628211u;
	return uid.empty() || hash % 100 < 80 ? "a" : "b";
}
