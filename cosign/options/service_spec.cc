#include "cosign/options/service_spec.h"

#include <algorithm>

#include "sigstore/codec/proto_fields.h"

namespace cosign {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;

namespace {

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t") + 1 - first));
}

std::unexpected<sigstore::Error> refuse(const SpecGrammar& grammar, const std::string& what,
                                        std::string cause) {
  return fail(Code::invalid_argument, grammar.flag + " " + what, std::move(cause),
              grammar.flag + " \"" + grammar.example + "\"");
}

}  // namespace

Result<ServiceSpec> ServiceSpec::parse(const SpecGrammar& grammar, const std::string& text) {
  ServiceSpec out;
  out.flag_ = grammar.flag;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    const auto pair = text.substr(begin, end - begin);
    begin = end + 1;
    const auto equals = pair.find('=');
    if (equals == std::string::npos)
      return refuse(grammar, "cannot be read", "\"" + pair + "\" is not KEY=VALUE");
    const auto key = trimmed(pair.substr(0, equals));
    const bool known = std::ranges::find(grammar.required, key) != grammar.required.end() ||
                       std::ranges::find(grammar.optional, key) != grammar.optional.end();
    if (!known) return refuse(grammar, "cannot be read", "it knows no \"" + key + "\"");
    if (!out.values_.emplace(key, trimmed(pair.substr(equals + 1))).second)
      return refuse(grammar, "cannot be read", "it has \"" + key + "\" twice");
  }
  for (const auto key : grammar.required) {
    if (out.text(std::string(key)).empty())
      return refuse(grammar, "lacks " + std::string(key), "it is \"" + text + "\"");
  }
  return out;
}

std::string ServiceSpec::text(const std::string& key) const {
  const auto at = values_.find(key);
  return at == values_.end() ? std::string() : at->second;
}

Result<std::optional<sigstore::Time>> ServiceSpec::time(const std::string& key) const {
  const auto value = text(key);
  if (value.empty()) return std::nullopt;
  TRY(const auto time, parse_flag_time(flag_ + ": " + key, value));
  return time;
}

Result<sigstore::Time> parse_flag_time(const std::string& what, const std::string& text) {
  const auto time = sigstore::codec::proto_json::parse_timestamp(text);
  if (time) return *time;
  return fail(Code::invalid_argument, what + " is no time", "\"" + text + "\": " + time.error().text(),
              "2024-01-01T00:00:00Z");
}

}  // namespace cosign
