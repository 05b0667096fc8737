#include "cosign/commands/signing-config-create/services.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "cosign/options/service_spec.h"

namespace cosign::signing_config_create {

using sigstore::Code;
using sigstore::fail;
using sigstore::Result;
using sigstore::trust::Service;
using sigstore::trust::ServiceConfiguration;

namespace {

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

}  // namespace

Result<Service> read_service(const std::string& flag, const std::string& value) {
  const SpecGrammar grammar{
      flag,
      {"url", "api-version", "start-time", "operator"},
      {"end-time"},
      "url=https://service.example.com,api-version=1,start-time=2024-01-01T00:00:00Z,operator=example.com"};
  TRY(const auto spec, ServiceSpec::parse(grammar, value));
  Service out;
  out.url = spec.text("url");
  out.operator_name = spec.text("operator");
  const auto version = number(spec.text("api-version"));
  if (!version)
    return fail(Code::invalid_argument, flag + ": api-version is no number",
                "it is \"" + spec.text("api-version") + "\"");
  out.major_api_version = *version;
  TRY(out.valid.start, spec.time("start-time"));
  TRY(out.valid.end, spec.time("end-time"));
  if (out.valid.end && *out.valid.end < *out.valid.start)
    return fail(Code::invalid_argument, flag + " ends before it starts");
  return out;
}

Result<ServiceConfiguration> read_selection(const std::string& flag, const std::string& value) {
  using Selector = ServiceConfiguration::Selector;
  const auto colon = std::min(value.find(':'), value.size());
  auto mode = value.substr(0, colon);
  std::ranges::transform(mode, mode.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  const bool counted = colon < value.size();
  if (mode == "ANY" && !counted) return ServiceConfiguration{Selector::any, 0};
  if (mode == "ALL" && !counted) return ServiceConfiguration{Selector::all, 0};
  const auto count = counted ? number(std::string_view(value).substr(colon + 1)) : std::nullopt;
  if (mode == "EXACT" && count && *count > 0) return ServiceConfiguration{Selector::exact, *count};
  return fail(Code::invalid_argument, flag + " cannot be read",
              "\"" + value + "\": it must be ANY, ALL, or EXACT:N with a number from 1");
}

}  // namespace cosign::signing_config_create
