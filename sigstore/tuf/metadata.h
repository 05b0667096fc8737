// TUF metadata (The Update Framework specification 1.0.34, sections 4.2 to 4.6): values, read strictly and
// written. Whether a signature counts is asked in tuf/key.h; which metadata is trusted, in tuf/trusted_set.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sigstore/base/bytes.h"
#include "sigstore/base/env.h"
#include "sigstore/base/result.h"

namespace sigstore::tuf {

// The key's id is only a name here: keys are compared by what they are (their content), not by it.
struct Key {
  std::string type;    // keytype: "ed25519", "ecdsa", "ecdsa-sha2-nistp256", "rsa"
  std::string scheme;  // "ed25519", "ecdsa-sha2-nistp256", "rsassa-pss-sha256"
  std::string value;   // keyval.public: hex or PEM
  friend bool operator==(const Key&, const Key&) = default;
};
using Keys = std::map<std::string, Key>;  // by key id

struct Role {
  std::vector<std::string> key_ids;  // each once
  std::uint64_t threshold = 1;       // at least 1
  friend bool operator==(const Role&, const Role&) = default;
};

// What all metadata has.
struct Common {
  std::string spec_version = "1.0.31";
  std::uint64_t version = 1;  // at least 1
  Time expires;
  friend bool operator==(const Common&, const Common&) = default;
};

struct Root : Common {
  bool consistent_snapshot = true;
  Keys keys;
  Role root, timestamp, snapshot, targets;
  friend bool operator==(const Root&, const Root&) = default;
};

using Hashes = std::map<std::string, std::string>;  // "sha256" -> lower-case hex; those we do not know stay

struct MetaFile {
  std::uint64_t version = 1;
  std::optional<std::uint64_t> length;
  Hashes hashes;  // may be empty
  friend bool operator==(const MetaFile&, const MetaFile&) = default;
};

struct Timestamp : Common {
  MetaFile snapshot;
  friend bool operator==(const Timestamp&, const Timestamp&) = default;
};

struct Snapshot : Common {
  std::map<std::string, MetaFile> meta;  // "targets.json", "ROLE.json"
  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

struct TargetFile {
  std::uint64_t length = 0;
  Hashes hashes;       // at least one
  std::string custom;  // JSON, as it stood; empty when absent
  friend bool operator==(const TargetFile&, const TargetFile&) = default;
};

struct Delegation {
  std::string name;
  Role role;
  bool terminating = false;
  // Exactly one of both is there: glob patterns, or beginnings of the hex SHA-256 of a target's path.
  std::optional<std::vector<std::string>> paths, path_hash_prefixes;
  friend bool operator==(const Delegation&, const Delegation&) = default;
};

// Hash bins that are not listed one by one (TAP 15): 2^bit_length of them, "PREFIX-HEX".
struct SuccinctRoles {
  Role role;
  std::uint32_t bit_length = 1;  // 1 to 32
  std::string name_prefix;
  friend bool operator==(const SuccinctRoles&, const SuccinctRoles&) = default;
};

struct Delegations {
  Keys keys;
  std::variant<std::vector<Delegation>, SuccinctRoles> roles;
  friend bool operator==(const Delegations&, const Delegations&) = default;
};

struct Targets : Common {
  std::map<std::string, TargetFile> targets;  // by target path
  std::optional<Delegations> delegations;
  friend bool operator==(const Targets&, const Targets&) = default;
};

struct Signature {
  std::string key_id;
  Bytes signature;
  friend bool operator==(const Signature&, const Signature&) = default;
};

// A document and who has signed it.
template <class Body>
struct Signed {
  Body body;
  std::string signed_bytes;  // the canonical form (OLPC) of "signed": what the signatures are over
  std::vector<Signature> signatures;
};

// Code::malformed, too_large; unsupported for a spec_version of another major number. Members that are not
// known are passed over, but count in signed_bytes. Two signatures under one key id are malformed (4.2.1),
// and so are two of a role's key ids. `what` names the document in messages ("5.root.json").
Result<Signed<Root>> parse_root(std::string_view json, std::string_view what);
Result<Signed<Timestamp>> parse_timestamp(std::string_view json, std::string_view what);
Result<Signed<Snapshot>> parse_snapshot(std::string_view json, std::string_view what);
Result<Signed<Targets>> parse_targets(std::string_view json, std::string_view what);

// The canonical form that is signed, and the whole document with `signatures` over it. Empty when it has
// none: text that is not UTF-8, or `custom` that is no JSON.
std::string to_sign(const Root& body);
std::string to_sign(const Timestamp& body);
std::string to_sign(const Snapshot& body);
std::string to_sign(const Targets& body);
std::string write(std::string_view to_sign, const std::vector<Signature>& signatures);

}  // namespace sigstore::tuf
