/*
 * rewrite: an edge rule. It takes an HTTP/1.1 request and answers with the
 * request as it goes on to the origin, with a redirect, or with a refusal. The
 * manifest states the rules; c/rewrite.c is the same program.
 */
#include <charconv>
#include <string>

#include "fields.hpp"
#include "guest.hpp"
#include "path.hpp"

namespace {

std::string response; /* used over and over */

void append(std::initializer_list<std::string_view> parts)
{
	for (const std::string_view part : parts)
		response.append(part);
}

void refuse(std::string_view reason)
{
	char digits[8];
	const auto end = std::to_chars(digits, digits + sizeof digits, reason.size() + 1).ptr;
	const std::string_view length(digits, static_cast<size_t>(end - digits));
	append({"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\ncontent-length: ", length,
		"\r\n\r\n", reason, "\n"});
}

void forward(const guest::Head &head, const Host &host)
{
	append({" HTTP/1.1\r\n"});
	for (const auto &[name, value] : head.fields) {
		if (guest::same(name, "host"))
			append({name, ": ", origin_of(host.name), "\r\n"});
		else if (!is_dropped(head, name))
			append({name, ": ", value, "\r\n"});
	}
	append({"x-forwarded-proto: https\r\nx-forwarded-host: ", host.came,
		"\r\nvia: 1.1 edge\r\nx-bucket: ", bucket(head), "\r\n\r\n", head.body});
}

/* rewrite appends the response, or returns why the request is refused. */
std::string_view rewrite(std::string_view request)
{
	static guest::Head head;
	if (const std::string_view reason = head.read(request); !reason.empty())
		return reason;
	const std::optional<Host> host = read_host(head);
	if (!host)
		return "bad host";
	if (is_ambiguous(head))
		return "ambiguous length";
	const size_t mark = std::min(head.target.find('?'), head.target.size());
	const std::string_view query = head.target.substr(mark); /* with its question mark */
	const std::optional<std::string_view> path = normalise(head.target.substr(0, mark));
	if (!path)
		return "bad escape";
	const Rule rule = rule_for(*path);
	const std::string_view rest = path->substr(rule.from.size());
	if (rule.redirect) {
		append({"HTTP/1.1 301 Moved Permanently\r\nlocation: ", rule.to, rest, query,
			"\r\ncontent-length: 0\r\n\r\n"});
		return {};
	}
	append({head.method, " ", rule.to, rest, query});
	forward(head, *host);
	return {};
}

}  // namespace

std::string_view guest::handle(std::string_view request)
{
	response.clear();
	if (const std::string_view reason = rewrite(request); !reason.empty())
		refuse(reason);
	return response;
}
