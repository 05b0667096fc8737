// What a role is, in metadata, and how its documents are made. For this room alone.
#pragma once

#include "sigstore/authority/tufrepo/publisher.h"

namespace sigstore::authority::tufrepo {

// The role as the one lists it who delegates to it; its keys join `keys`. Errors as TufPublisher::create();
// `name` is for messages.
Result<tuf::Role> list_role(const TufRole& role, tuf::Keys& keys, const std::string& name);

// Who signs a role now.
Result<tuf::Root> list_roles(const TufPublisher::Options& options);

// Metadata knows whole seconds.
Time expiry(Time now, Duration lifetime);

// The file of a role's document: "3.targets.json", or "targets.json".
std::string document_name(const std::string& role, std::uint64_t version, bool versioned);

// Ok for a path that stays below the targets.
Result<void> check_target_path(const std::string& path);

}  // namespace sigstore::authority::tufrepo
