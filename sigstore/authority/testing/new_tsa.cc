#include "sigstore/authority/testing/new_tsa.h"

#include "sigstore/authority/ca/profile.h"
#include "sigstore/authority/testing/internal/must.h"
#include "sigstore/codec/rfc3339.h"

namespace sigstore::authority::testing {

using crypto::PrivateKey;
using crypto::x509::Certificate;
using internal::must;

tsa::Tsa new_tsa(crypto::KeyType type) {
  const auto year = [](const char* text) { return must(codec::rfc3339::parse(text)); };
  const crypto::x509::Validity validity{year("2020-01-01T00:00:00Z"), year("2120-01-01T00:00:00Z")};
  auto root_key = must(PrivateKey::generate(crypto::KeyType::ecdsa_p256));
  auto key = std::make_shared<PrivateKey>(must(PrivateKey::generate(type)));
  const auto root = ca::root({root_key.public_key().spki(), validity, {1}}, ca::make_name("test", "root"));
  const auto issuer = ca::issuer_of(root, root_key);
  const auto leaf =
      ca::time_stamping({key->public_key().spki(), validity, {2}}, ca::make_name("test", "tsa"), issuer);
  return must(tsa::Tsa::create(key, {must(Certificate::parse(must(ca::issue(leaf, issuer)))),
                                     must(Certificate::parse(must(ca::issue(root, issuer))))}));
}

}  // namespace sigstore::authority::testing
