// Chains of hostile certificates, one after another in DER: the first is the leaf, the last is trusted, those
// between came along. Whatever is accepted is a path of links that hold, and that OpenSSL takes as well if it
// can read it.
#include <algorithm>
#include <cstdlib>

#include "sigstore/base/limits.h"
#include "sigstore/codec/der.h"
#include "sigstore/crypto/x509/chain.h"
#include "sigstore/crypto/x509/internal/path.h"

namespace {

using namespace sigstore;
using namespace sigstore::crypto::x509;

void need(bool holds) {
  if (!holds) std::abort();
}

std::vector<Certificate> read(BytesView input) {
  std::vector<Certificate> out;
  codec::der::Reader reader(input);
  while (!reader.empty() && out.size() < limits::certificates) {
    const auto element = reader.next();
    if (!element) break;
    if (auto certificate = Certificate::parse(element->whole)) out.push_back(std::move(*certificate));
  }
  return out;
}

void check_path(const std::vector<Certificate>& path, const Certificate& leaf, const Certificate& root,
                Time at) {
  need(path.front() == leaf && path.back() == root && !leaf.is_ca());
  for (std::size_t i = 0; i < path.size(); ++i) {
    need(path[i].validity().contains(at));
    if (i > 0) need(path[i].is_ca() && std::ranges::equal(path[i].subject_name(), path[i - 1].issuer_name()));
  }
}

void check_by_openssl(const std::vector<Certificate>& path) {
  std::vector<internal::X509Ptr> opened;
  std::vector<X509*> views;
  for (const auto& one : path) {
    auto x509 = internal::open_certificate(one);
    if (!x509) return;
    views.push_back(opened.emplace_back(std::move(*x509)).get());
  }
  need(internal::judge_path(views, [&](std::size_t at) {
         return internal::is_signed_by(*views[at], *views[at + 1]);
       }).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto all = read({data, size});
  if (all.size() < 2) return 0;
  const auto authority = Authority::from_chain({all.back()});
  if (!authority) return 0;
  const std::span beside(all.begin() + 1, all.end());
  for (const auto purpose : {code_signing, time_stamping}) {
    const Time at = all.front().validity().not_before;
    const auto path = authority->verify(all.front(), beside, at, purpose);
    if (path) {
      check_path(*path, all.front(), all.back(), at);
      check_by_openssl(*path);
    }
    need(path || path.error().code == Code::mismatch || path.error().code == Code::too_large ||
         path.error().code == Code::malformed);
  }
  return 0;
}
