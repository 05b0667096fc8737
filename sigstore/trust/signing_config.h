// Where to ask for certificates, log entries and timestamps (protobuf-specs, sigstore_trustroot.proto,
// SigningConfig v0.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sigstore/trust/trusted_root.h"

namespace sigstore::trust {

struct Service {
  std::string url;
  std::uint32_t major_api_version = 0;
  TimeRange valid;
  std::string operator_name;
  friend bool operator==(const Service&, const Service&) = default;
};

struct ServiceConfiguration {
  enum class Selector { undefined, all, any, exact };
  Selector selector = Selector::undefined;
  std::uint32_t count = 0;  // of exact
  friend bool operator==(const ServiceConfiguration&, const ServiceConfiguration&) = default;
};

struct SigningConfig {
  std::vector<Service> ca_urls, oidc_urls, rekor_tlog_urls, tsa_urls;
  ServiceConfiguration rekor_tlog_config, tsa_config;

  // v0.2 alone; Code::unsupported for another media type; malformed, too_large.
  static Result<SigningConfig> parse(std::string_view json, std::string_view what);
  [[nodiscard]] std::string write() const;  // as real cosign writes it
  friend bool operator==(const SigningConfig&, const SigningConfig&) = default;
};

// Those to use at `at`, of the highest API version among `versions`, the newest of each operator; ANY is the
// first of them, ALL one of each operator, EXACT `count` of them. (Real cosign picks at random where this
// takes the newest.) Code::not_found when they are too few, malformed without a selector or with a count of
// 0.
Result<std::vector<Service>> choose(const std::vector<Service>& services, const ServiceConfiguration& config,
                                    const std::vector<std::uint32_t>& versions, Time at);
// For services of which there is always one (CA, OIDC): Code::not_found when none fits.
Result<Service> choose_one(const std::vector<Service>& services, const std::vector<std::uint32_t>& versions,
                           Time at);

}  // namespace sigstore::trust
