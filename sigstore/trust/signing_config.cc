#include "sigstore/trust/signing_config.h"

#include <algorithm>
#include <functional>

#include "sigstore/base/limits.h"
#include "sigstore/codec/proto_fields.h"
#include "sigstore/trust/document.h"
#include "sigstore/trust/schema.h"

namespace sigstore::trust {

namespace json = codec::json;
using namespace codec::proto_json;

namespace {

constexpr Form form{"a signing configuration", signing_config_media_type, signing_config_message};

// --- reading

Result<std::vector<Service>> read_services(const json::Object& document, std::string_view name,
                                           std::string_view what) {
  const auto list = list_at(document, name);
  if (list.size() > limits::trusted_parties) return too_many(what, name, list.size());
  std::vector<Service> out;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto& message = *list[i].object();
    const auto place = std::string(name) + "[" + std::to_string(i) + "]: ";
    const auto valid = read_range(message);
    if (!valid) return malformed(what, form, place + valid.error().text());
    out.push_back({text_at(message, "url"), uint32_at(message, "majorApiVersion"), *valid,
                   text_at(message, "operator")});
    if (out.back().url.empty()) return malformed(what, form, place + "its url is missing");
  }
  return out;
}

Result<ServiceConfiguration> read_configuration(const json::Object& document, std::string_view name,
                                                std::string_view what) {
  ServiceConfiguration out;
  const auto* message = object_at(document, name);
  if (message == nullptr) return out;
  out.count = uint32_at(*message, "count");
  const auto selector = text_at(*message, "selector");
  const auto at = std::ranges::find(selectors, selector);
  if (at != selectors.end()) {
    out.selector = static_cast<ServiceConfiguration::Selector>(at - selectors.begin());
  } else if (!selector.empty()) {
    return malformed(what, form, std::string(name) + ": the selector " + selector + " is not known");
  }
  return out;
}

// --- writing

void append_services(json::Object& out, std::string name, const std::vector<Service>& services) {
  if (services.empty()) return;
  json::Array list;
  for (const auto& service : services) {
    json::Object field;
    append_text(field, "url", service.url);
    if (service.major_api_version != 0)
      field.append("majorApiVersion", static_cast<std::uint64_t>(service.major_api_version));
    append_range(field, service.valid);
    append_text(field, "operator", service.operator_name);
    list.emplace_back(std::move(field));
  }
  out.append(std::move(name), std::move(list));
}

void append_configuration(json::Object& out, std::string name, const ServiceConfiguration& config) {
  json::Object field;
  if (config.selector != ServiceConfiguration::Selector::undefined)
    field.append("selector", selectors[static_cast<std::size_t>(config.selector)]);
  if (config.count != 0) field.append("count", static_cast<std::uint64_t>(config.count));
  out.append(std::move(name), std::move(field));
}

// --- choosing

std::unexpected<Error> none_fits(const std::vector<Service>& services, std::vector<std::uint32_t> versions) {
  std::ranges::sort(versions);
  std::string known;
  for (const auto version : versions) known += (known.empty() ? "" : ", ") + std::to_string(version);
  return fail(Code::not_found, "no service of the signing configuration can be used now",
              services.empty() ? "it lists none"
                               : "of the " + std::to_string(services.size()) +
                                     " that it lists none is valid now and has an API version of " + known);
}

// Newest start first; of equal starts the one that is listed later, as sigstore-go has it.
std::vector<Service> newest_first(std::vector<Service> services) {
  std::ranges::stable_sort(services, {},
                           [](const Service& service) { return service.valid.start.value_or(Time::min()); });
  std::ranges::reverse(services);
  return services;
}

// Those of the highest API version that has any, one of each operator.
std::vector<Service> usable(const std::vector<Service>& services, std::vector<std::uint32_t> versions,
                            Time at) {
  std::ranges::sort(versions, std::greater());
  const auto sorted = newest_first(services);
  std::vector<Service> out;
  for (const auto version : versions) {
    for (const auto& service : sorted) {
      const bool fits = service.major_api_version == version && service.valid.contains(at);
      const bool again = std::ranges::find(out, service.operator_name, &Service::operator_name) != out.end();
      if (fits && !again) out.push_back(service);
    }
    if (!out.empty()) break;
  }
  return out;
}

}  // namespace

Result<SigningConfig> SigningConfig::parse(std::string_view text, std::string_view what) {
  TRY(const auto document, read_document(text, what, form));
  const auto& message = *document.object();
  SigningConfig out;
  TRY(out.ca_urls, read_services(message, "caUrls", what));
  TRY(out.oidc_urls, read_services(message, "oidcUrls", what));
  TRY(out.rekor_tlog_urls, read_services(message, "rekorTlogUrls", what));
  TRY(out.tsa_urls, read_services(message, "tsaUrls", what));
  TRY(out.rekor_tlog_config, read_configuration(message, "rekorTlogConfig", what));
  TRY(out.tsa_config, read_configuration(message, "tsaConfig", what));
  return out;
}

std::string SigningConfig::write() const {
  json::Object out{{"mediaType", signing_config_media_type}};
  append_services(out, "caUrls", ca_urls);
  append_services(out, "oidcUrls", oidc_urls);
  append_services(out, "rekorTlogUrls", rekor_tlog_urls);
  append_configuration(out, "rekorTlogConfig", rekor_tlog_config);
  append_services(out, "tsaUrls", tsa_urls);
  append_configuration(out, "tsaConfig", tsa_config);
  return json::write_plain(out);
}

Result<std::vector<Service>> choose(const std::vector<Service>& services, const ServiceConfiguration& config,
                                    const std::vector<std::uint32_t>& versions, Time at) {
  auto out = usable(services, versions, at);
  if (out.empty()) return none_fits(services, versions);
  switch (config.selector) {
    case ServiceConfiguration::Selector::all:
      return out;
    case ServiceConfiguration::Selector::any:
      out.resize(1);
      return out;
    case ServiceConfiguration::Selector::exact:
      break;
    case ServiceConfiguration::Selector::undefined:
      return fail(Code::malformed, "the signing configuration does not say how many services to use",
                  "its selector is missing");
  }
  if (config.count == 0)
    return fail(Code::malformed, "the signing configuration asks for exactly 0 services");
  if (config.count > out.size()) {
    return fail(
        Code::not_found, "the signing configuration has too few services that can be used now",
        "it asks for " + std::to_string(config.count) + " operators and has " + std::to_string(out.size()));
  }
  out.resize(config.count);
  return out;
}

Result<Service> choose_one(const std::vector<Service>& services, const std::vector<std::uint32_t>& versions,
                           Time at) {
  const auto out = usable(services, versions, at);
  if (out.empty()) return none_fits(services, versions);
  return out.front();
}

}  // namespace sigstore::trust
