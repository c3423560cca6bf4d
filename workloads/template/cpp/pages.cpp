#include "pages.hpp"

#include <algorithm>
#include <iterator>

namespace {

struct Source {
	std::string_view name, text;
};

/* What pages have in common. Nothing here contains itself, and whatever stands
 * in a section prints something: a page's length bounds the work for it. */
constexpr Source partials[] = {
	{"head", R"(<!DOCTYPE html>
<html lang="{{lang}}{{^lang}}en{{/lang}}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{{title}}{{#site.name}} - {{site.name}}{{/site.name}}</title>
  {{#description}}
  <meta name="description" content="{{description}}">
  {{/description}}
  {{#styles}}
  <link rel="stylesheet" href="{{.}}">
  {{/styles}}
</head>
<body>
<header>
  <a class="home" href="/">{{site.name}}</a>
  <nav>
    {{#menu}}
    <a href="{{href}}"{{#here}} aria-current="page"{{/here}}>{{label}}</a>
    {{/menu}}
    {{^menu}}
    <a href="/">Home</a>
    {{/menu}}
  </nav>
  {{#user}}
  <p class="user">Signed in as <b>{{name}}</b>{{#admin}} (administrator){{/admin}}</p>
  {{/user}}
</header>
)"},
	{"foot", R"(<footer>
  {{! the year comes with the data: there is no clock }}
  <p>&copy; {{year}} {{site.name}}{{#site.legal}}, <a href="{{href}}">{{label}}</a>{{/site.legal}}</p>
</footer>
</body>
</html>
)"},
	{"card", R"(<article class="card{{#sold_out}} sold-out{{/sold_out}}" id="{{sku}}">
  {{#image}}
  <img src="{{src}}" alt="{{alt}}" width="{{width}}" height="{{height}}">
  {{/image}}

  <h3><a href="/products/{{sku}}">{{name}}</a></h3>
  <p class="price">{{price}} {{currency}}{{#was}} <s>{{was}}</s>{{/was}}</p>
  {{#tags}}
  <span class="tag">{{.}}</span>
  {{/tags}}
  {{^sold_out}}
  <form method="post" action="/cart"><input type="hidden" name="sku" value="{{sku}}"><button>Add</button></form>
  {{/sold_out}}
  {{#sold_out}}
  <p class="note">Sold out{{#back}}, back on {{back}}{{/back}}</p>
  {{/sold_out}}
</article>
)"},
	{"address", R"(<address>
  {{name}}<br>
  {{#street}}
  {{.}}<br>
  {{/street}}
  {{postcode}} {{city}}{{#country}}, {{country}}{{/country}}
</address>
)"},
};

constexpr Source pages[] = {
	{"article", R"({{>head}}
<main>
  <article>
    <h1>{{title}}</h1>
    <p class="by">By {{#author}}<a href="{{url}}">{{name}}</a>{{/author}}{{^author}}our staff{{/author}} on <time datetime="{{date.iso}}">{{date.text}}</time></p>
    {{#sections}}
    <section>
      {{#heading}}
      <h2>{{heading}}</h2>
      {{/heading}}
      {{#paragraphs}}
      <p>{{{.}}}</p>
      {{/paragraphs}}
      {{#code}}
      <pre><code class="{{language}}">{{text}}</code></pre>
      {{/code}}
    </section>
    {{/sections}}
  </article>
  <section class="comments">
    <h2>{{comment_count}} comments</h2>
    {{#comments}}
    <div class="comment">
      <b>{{author}}</b> <time>{{at}}</time>
      <p>{{text}}</p>
      {{#replies}}
      <blockquote><b>{{author}}</b>: {{text}}</blockquote>
      {{/replies}}
    </div>
    {{/comments}}
    {{^comments}}
    <p>Nobody has said anything yet.</p>
    {{/comments}}
  </section>
</main>
{{>foot}}
)"},
	{"catalogue", R"({{>head}}
<main>
  <h1>{{title}}</h1>
  {{#groups}}
  <section id="{{id}}">
    <h2>{{name}}</h2>
    {{#products}}
    {{>card}}
    {{/products}}
    {{^products}}
    <p>There is nothing in {{name}} today.</p>
    {{/products}}
  </section>
  {{/groups}}
  {{#pager}}
  <nav class="pager">{{#previous}}<a rel="prev" href="?page={{.}}">Back</a> {{/previous}}Page {{page}} of {{pages}}{{#next}} <a rel="next" href="?page={{.}}">On</a>{{/next}}</nav>
  {{/pager}}
</main>
{{>foot}}
)"},
	{"invoice", R"({{>head}}
<main class="invoice">
  <h1>Invoice {{number}}</h1>
  <p>{{date}}{{#due}}, due on {{due}}{{/due}}</p>
  {{#seller}}
  {{>address}}
  {{/seller}}
  {{#buyer}}
  {{>address}}
  {{/buyer}}
  <table>
    <thead><tr><th>Item</th><th>Quantity</th><th>Price</th><th>Total</th></tr></thead>
    <tbody>
      {{#lines}}
      <tr><td>{{item}}{{#note}}<br><small>{{note}}</small>{{/note}}</td><td>{{quantity}}</td><td>{{price}}</td><td>{{total}}</td></tr>
      {{/lines}}
    </tbody>
    <tfoot>
      <tr><td colspan="3">Subtotal</td><td>{{subtotal}}</td></tr>
      {{#discount}}
      <tr><td colspan="3">Discount</td><td>-{{discount}}</td></tr>
      {{/discount}}
      {{#taxes}}
      <tr><td colspan="3">Tax {{rate}} %</td><td>{{amount}}</td></tr>
      {{/taxes}}
      <tr><td colspan="3">Total</td><td>{{total}} {{currency}}</td></tr>
    </tfoot>
  </table>
  {{#paid}}
  <p class="paid">Paid{{#paid.by}} by {{paid.by}}{{/paid.by}}. Thank you.</p>
  {{/paid}}
  {{^paid}}
  <p>Please pay {{total}} {{currency}} to {{& bank.iban}}.</p>
  {{/paid}}
</main>
{{>foot}}
)"},
	{"status", R"({{>head}}
<main>
  <h1>{{title}}</h1>
  {{^incidents}}
  <p>All systems work.</p>
  {{/incidents}}
  <ul>
    {{#services}}
    <li class="{{#up}}up{{/up}}{{^up}}down{{/up}}">{{name}}: {{#up}}up{{/up}}{{^up}}down{{#since}} since {{since}}{{/since}}{{/up}}{{#latency_ms}}, {{latency_ms}} ms{{/latency_ms}}</li>
    {{/services}}
  </ul>
  {{#incidents}}
  <h2>{{title}}</h2>
  <p>{{summary}}</p>
  {{/incidents}}
</main>
{{>foot}}
)"},
};

std::string_view find_partial(std::string_view name)
{
	const auto found = std::find_if(std::begin(partials), std::end(partials),
					[&](const Source &source) { return source.name == name; });
	return found == std::end(partials) ? std::string_view{} : found->text;
}

}  // namespace

const Template *find_page(std::string_view name)
{
	static Template compiled[std::size(pages)];
	for (size_t i = 0; i < std::size(pages); i++) {
		if (pages[i].name != name)
			continue;
		if (compiled[i].empty())
			compiled[i] = compile(pages[i].text, find_partial);
		return &compiled[i];
	}
	return nullptr;
}
