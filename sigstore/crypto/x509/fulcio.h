// The extensions by which Fulcio says what it knows of a holder (its oid-info.md), 1.3.6.1.4.1.57264.1.N.
#pragma once

#include <array>
#include <string_view>

namespace sigstore::crypto::x509::fulcio {

inline constexpr std::string_view prefix = "1.3.6.1.4.1.57264.1.";

struct Extension {
  std::string_view oid, name;
  bool der;  // a UTF8String; else the text as it is
};

inline constexpr Extension issuer{"1.3.6.1.4.1.57264.1.8", "issuer", true};
inline constexpr Extension old_issuer{"1.3.6.1.4.1.57264.1.1", "issuer", false};
inline constexpr std::string_view other_name = "1.3.6.1.4.1.57264.1.7";  // of a subject alternative name

inline constexpr Extension workflow_trigger{"1.3.6.1.4.1.57264.1.2", "githubWorkflowTrigger", false};
inline constexpr Extension workflow_sha{"1.3.6.1.4.1.57264.1.3", "githubWorkflowSha", false};
inline constexpr Extension workflow_name{"1.3.6.1.4.1.57264.1.4", "githubWorkflowName", false};
inline constexpr Extension workflow_repository{"1.3.6.1.4.1.57264.1.5", "githubWorkflowRepository", false};
inline constexpr Extension workflow_ref{"1.3.6.1.4.1.57264.1.6", "githubWorkflowRef", false};

// All but the issuer's.
inline constexpr std::array further{
    workflow_trigger,
    workflow_sha,
    workflow_name,
    workflow_repository,
    workflow_ref,
    Extension{"1.3.6.1.4.1.57264.1.9", "buildSignerURI", true},
    Extension{"1.3.6.1.4.1.57264.1.10", "buildSignerDigest", true},
    Extension{"1.3.6.1.4.1.57264.1.11", "runnerEnvironment", true},
    Extension{"1.3.6.1.4.1.57264.1.12", "sourceRepositoryURI", true},
    Extension{"1.3.6.1.4.1.57264.1.13", "sourceRepositoryDigest", true},
    Extension{"1.3.6.1.4.1.57264.1.14", "sourceRepositoryRef", true},
    Extension{"1.3.6.1.4.1.57264.1.15", "sourceRepositoryIdentifier", true},
    Extension{"1.3.6.1.4.1.57264.1.16", "sourceRepositoryOwnerURI", true},
    Extension{"1.3.6.1.4.1.57264.1.17", "sourceRepositoryOwnerIdentifier", true},
    Extension{"1.3.6.1.4.1.57264.1.18", "buildConfigURI", true},
    Extension{"1.3.6.1.4.1.57264.1.19", "buildConfigDigest", true},
    Extension{"1.3.6.1.4.1.57264.1.20", "buildTrigger", true},
    Extension{"1.3.6.1.4.1.57264.1.21", "runInvocationURI", true},
    Extension{"1.3.6.1.4.1.57264.1.22", "sourceRepositoryVisibilityAtSigning", true},
    Extension{"1.3.6.1.4.1.57264.1.23", "deploymentEnvironment", true},
    Extension{"1.3.6.1.4.1.57264.1.24", "tokenSubject", true},
};

}  // namespace sigstore::crypto::x509::fulcio
