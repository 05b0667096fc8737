#include "server/host/form.h"

#include <algorithm>

#include "sigstore/base/limits.h"
#include "sigstore/net/url.h"

namespace server::host {
namespace {

std::string decode(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return sigstore::net::percent_decode(spaced);
}

}  // namespace

Form Form::parse(std::string_view text) {
  Form form;
  while (!text.empty() && form.fields_.size() < sigstore::limits::form_fields) {
    const auto pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    form.fields_.emplace_back(decode(pair.substr(0, equals)),
                              decode(pair.substr(std::min(pair.size(), equals + 1))));
  }
  return form;
}

std::string Form::get(std::string_view name) const {
  for (const auto& [key, value] : fields_)
    if (key == name) return value;
  return {};
}

std::vector<std::string> Form::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : fields_)
    if (key == name) values.push_back(value);
  return values;
}

}  // namespace server::host
