#include "sigstore/crypto/x509/internal/path.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace sigstore::crypto::x509::internal {
namespace {

using StackPtr =
    std::unique_ptr<STACK_OF(X509), crypto::internal::Free<[](STACK_OF(X509) * s) { sk_X509_free(s); }>>;
using ContextPtr = std::unique_ptr<X509_STORE_CTX, crypto::internal::Free<X509_STORE_CTX_free>>;

constexpr int least_strength = 2;  // 112 bits: no SHA-1, no RSA below 2048

struct Links {
  std::span<X509* const> path;
  const std::function<bool(std::size_t)>* linked;
};

int links_index() {
  static const int index = X509_STORE_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

// Stands where OpenSSL would check all signatures again. The chain that it has built must be the path, whole.
int check_links(X509_STORE_CTX* context) {
  const auto* links = static_cast<const Links*>(X509_STORE_CTX_get_ex_data(context, links_index()));
  const auto* chain = X509_STORE_CTX_get0_chain(context);
  const auto refuse = [&](std::size_t at) {
    X509_STORE_CTX_set_error(context, X509_V_ERR_CERT_SIGNATURE_FAILURE);
    X509_STORE_CTX_set_error_depth(context, static_cast<int>(at));
    return 0;
  };
  if (static_cast<std::size_t>(sk_X509_num(chain)) != links->path.size()) return refuse(0);
  for (std::size_t i = 0; i < links->path.size(); ++i) {
    if (sk_X509_value(chain, static_cast<int>(i)) != links->path[i]) return refuse(i);
    if (i + 1 < links->path.size() && !(*links->linked)(i)) return refuse(i);
  }
  return 1;
}

bool configure(X509_STORE_CTX* context, STACK_OF(X509) * trusted, Links& links) {
  X509_STORE_CTX_set0_trusted_stack(context, trusted);
  auto* rules = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_clear_flags(rules, X509_V_FLAG_TRUSTED_FIRST);
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
  X509_VERIFY_PARAM_set_auth_level(rules, least_strength);
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  X509_STORE_CTX_set_verify(context, check_links);
  return X509_STORE_CTX_set_ex_data(context, links_index(), &links) == 1;
}

std::string reason_of(int error) {
  switch (error) {
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
      return "more authorities stand below it than its path length allows";
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
      return "its names are none that the name constraints of an authority above it allow";
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
      return "it has a critical extension that is not understood";
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return "its signature is by a digest that is too weak";
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
      return "its key is too short";
    default:
      return X509_verify_cert_error_string(error);
  }
}

}  // namespace

Result<X509Ptr> open_certificate(const Certificate& certificate) {
  crypto::internal::start_openssl();
  const auto& der = certificate.der();
  const unsigned char* at = der.data();
  X509Ptr opened(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (opened == nullptr || at != der.data() + der.size())
    return crypto::internal::openssl_failed(Code::malformed, "a certificate cannot be read");
  X509_check_purpose(opened.get(), -1,
                     0);  // it keeps what its extensions say, here and not under somebody's eyes
  crypto::internal::openssl_reason();
  return opened;
}

bool is_signed_by(const X509& certificate, const X509& issuer) {
  auto* key = X509_get0_pubkey(&issuer);
  const bool good = key != nullptr && X509_verify(const_cast<X509*>(&certificate), key) == 1;
  crypto::internal::openssl_reason();
  return good;
}

std::expected<void, PathError> judge_path(std::span<X509* const> path,
                                          const std::function<bool(std::size_t)>& linked) {
  const ContextPtr context(X509_STORE_CTX_new());
  const StackPtr middle(sk_X509_new_null()), trusted(sk_X509_new_null());
  Links links{path, &linked};
  bool ready = context != nullptr && middle != nullptr && trusted != nullptr &&
               sk_X509_push(trusted.get(), path.back()) != 0;
  for (std::size_t i = 1; ready && i + 1 < path.size(); ++i) ready = sk_X509_push(middle.get(), path[i]) != 0;
  ready = ready && X509_STORE_CTX_init(context.get(), nullptr, path.front(), middle.get()) == 1 &&
          configure(context.get(), trusted.get(), links);
  if (!ready) return std::unexpected(PathError{0, "OpenSSL has no memory"});
  const bool good = X509_verify_cert(context.get()) == 1;
  crypto::internal::openssl_reason();
  if (good) return {};
  const int depth = X509_STORE_CTX_get_error_depth(context.get());
  const auto at = std::min<std::size_t>(static_cast<std::size_t>(std::max(depth, 0)), path.size() - 1);
  return std::unexpected(PathError{at, reason_of(X509_STORE_CTX_get_error(context.get()))});
}

}  // namespace sigstore::crypto::x509::internal
