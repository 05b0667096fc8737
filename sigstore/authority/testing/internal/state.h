// What a Sigstore in memory consists of.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "sigstore/authority/testing/sigstore.h"

namespace sigstore::authority::testing {

struct Sigstore::State {
  World world;
  std::map<std::string, std::unique_ptr<crypto::PrivateKey>> keys;
  int serials = 0;
  Bytes root, intermediate, tsa_root, tsa_leaf;  // DER
  ca::Issuer issuer;
  std::unique_ptr<log::TransparencyLog> rekor, rekor2;

  void make_ca();
  void make_tsa();
  void make_logs();
  // Made when it is first asked for.
  crypto::PrivateKey& key(std::string_view name, crypto::KeyType type);
  ca::Holder holder(const crypto::Signer& key, crypto::x509::Validity validity);
  // Entries of others.
  void grow(log::TransparencyLog& log, std::size_t count);
};

}  // namespace sigstore::authority::testing
