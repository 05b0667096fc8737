// Services as the flags of `signing-config create` name them. Pure.
#pragma once

#include <string>

#include "sigstore/trust/signing_config.h"

namespace cosign::signing_config_create {

// One value of --fulcio, --rekor, --oidc-provider or --tsa. Code::invalid_argument.
sigstore::Result<sigstore::trust::Service> read_service(const std::string& flag, const std::string& value);
// ANY, ALL or EXACT:N, in any case of letters. Code::invalid_argument.
sigstore::Result<sigstore::trust::ServiceConfiguration> read_selection(const std::string& flag,
                                                                       const std::string& value);

}  // namespace cosign::signing_config_create
