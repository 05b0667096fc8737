// What the registry client and the stores need to know, from flags and variables. Pure: nothing is opened.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "cosign/options/registry.h"
#include "sigstore/base/env.h"
#include "sigstore/net/transport.h"

namespace cosign {

struct RegistrySettings {
  sigstore::net::TlsOptions tls;
  std::optional<sigstore::Time> created;  // SOURCE_DATE_EPOCH, or now when the time is to be recorded
  bool docker_media_types = false;        // COSIGN_DOCKER_MEDIA_TYPES
  bool own_tags = false;                  // --own-tags
  std::size_t max_attachment = sigstore::limits::attachment_bytes;  // COSIGN_MAX_ATTACHMENT_SIZE
};

// Code::invalid_argument names the flag or variable: a TLS file that does not exist, half of a client
// certificate, a variable that does not parse, a keychain that this version does not have.
sigstore::Result<RegistrySettings> registry_settings(const sigstore::Env& env, const RegistryFlags& flags);

}  // namespace cosign
