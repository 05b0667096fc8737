#include "sigstore/crypto/x509/chain.h"

#include <algorithm>
#include <array>
#include <deque>
#include <mutex>
#include <optional>
#include <unordered_set>

#include "sigstore/base/limits.h"
#include "sigstore/codec/rfc3339.h"
#include "sigstore/crypto/hash.h"
#include "sigstore/crypto/x509/internal/path.h"

namespace sigstore::crypto::x509 {
namespace {

constexpr std::size_t longest_path = 16;
constexpr std::size_t most_links = 64;  // that are looked at for one leaf
constexpr std::size_t most_remembered_links = 4096;

// A certificate and what is kept of it to judge many paths. OpenSSL reads it when it is first asked for: that
// costs some ten times as much as our own reader, and of a trusted root most is never asked for.
class Node {
 public:
  Node(Certificate certificate, bool trusted) : certificate_(std::move(certificate)), trusted_(trusted) {}

  [[nodiscard]] const Certificate& certificate() const { return certificate_; }
  [[nodiscard]] bool trusted() const { return trusted_; }
  [[nodiscard]] X509* opened() const { return open().x509.get(); }  // nullptr when OpenSSL cannot read it
  [[nodiscard]] const Bytes& digest() const { return open().digest; }

 private:
  struct Opened {
    internal::X509Ptr x509;
    Bytes digest;  // SHA-256 of the certificate
  };
  const Opened& open() const {
    std::call_once(once_, [&] {
      opened_.digest = sha256(certificate_.der());
      if (auto x509 = internal::open_certificate(certificate_)) opened_.x509 = std::move(*x509);
    });
    return opened_;
  }

  Certificate certificate_;
  bool trusted_;
  mutable std::once_flag once_;
  mutable Opened opened_;
};

// Signatures that were checked and are good: of exactly this certificate by exactly that one's key. Both are
// open.
class Links {
 public:
  bool check(const Node& child, const Node& issuer) {
    const std::string pair = to_text(child.digest()) + to_text(issuer.digest());
    {
      const std::lock_guard lock(mutex_);
      if (good_.contains(pair)) return true;
    }
    if (!internal::is_signed_by(*child.opened(), *issuer.opened())) return false;
    const std::lock_guard lock(mutex_);
    if (good_.size() >= most_remembered_links) good_.clear();
    good_.insert(pair);
    return true;
  }

 private:
  std::mutex mutex_;
  std::unordered_set<std::string> good_;
};

bool same(BytesView a, BytesView b) {
  return std::ranges::equal(a, b);
}

std::string shown(Time at) {
  const bool whole = at == std::chrono::floor<std::chrono::seconds>(at);
  return whole ? codec::rfc3339::seconds(at) : codec::rfc3339::milliseconds(at);
}

enum class Role { leaf, intermediate, root };

std::string shown(const Certificate& certificate, Role role) {
  const auto subject = certificate.subject_text();
  if (role == Role::intermediate) return "the intermediate certificate " + subject;
  if (role == Role::root) return "the root certificate " + subject;
  if (!subject.empty()) return "the certificate " + subject;
  if (certificate.names().empty()) return "the certificate without a name";
  return "the certificate of " + certificate.names().front().value;
}

std::unexpected<Error> refuse(std::string message, std::string cause = {}) {
  return fail(Code::mismatch, std::move(message), std::move(cause));
}

// RFC 5280 4.2: what is critical and not understood refuses the certificate.
Result<void> check_critical(const Certificate& certificate, Role role) {
  static constexpr std::array<std::string_view, 6> understood = {"2.5.29.15", "2.5.29.17", "2.5.29.19",
                                                                 "2.5.29.30", "2.5.29.32", "2.5.29.37"};
  for (const auto& extension : certificate.extensions()) {
    if (extension.critical && std::ranges::find(understood, extension.oid) == understood.end())
      return refuse(shown(certificate, role) + " has a critical extension that is not understood",
                    "its object identifier is " + extension.oid);
  }
  return {};
}

Result<void> check_time(const Certificate& certificate, Role role, Time at) {
  const auto& validity = certificate.validity();
  if (validity.contains(at)) return {};
  return refuse(shown(certificate, role) + " was not valid at " + shown(at),
                "it is valid from " + shown(validity.not_before) + " to " + shown(validity.not_after));
}

std::string_view name_of(std::string_view purpose) {
  if (purpose == code_signing) return "code signing";
  return purpose == time_stamping ? "time stamping" : purpose;
}

Result<void> check_purpose(const Certificate& leaf, std::string_view purpose) {
  const auto& usages = leaf.extended_key_usage();
  const std::string subject = shown(leaf, Role::leaf);
  if (std::ranges::find(usages, purpose) == usages.end())
    return refuse(subject + " is not for " + std::string(name_of(purpose)),
                  "its extended key usage does not list " + std::string(purpose));
  if (purpose != time_stamping) return {};
  if (usages.size() != 1 || !leaf.extension("2.5.29.37")->critical)
    return refuse(subject + " is not for time stamping alone",
                  "its extended key usage must be critical and list nothing else (RFC 3161, 2.3)");
  return {};
}

Result<void> check_leaf(const Certificate& leaf, std::string_view purpose, Time at) {
  if (leaf.is_ca())
    return refuse(shown(leaf, Role::leaf) + " is an authority's, which must not sign anything else",
                  "its basic constraints say CA");
  const auto& usage = leaf.key_usage();
  if (usage && !usage->digital_signature && !usage->content_commitment)
    return refuse(shown(leaf, Role::leaf) + " is not for signatures", "its key usage does not list them");
  TRY_OK(check_purpose(leaf, purpose));
  TRY_OK(check_critical(leaf, Role::leaf));
  return check_time(leaf, Role::leaf, at);
}

// An extended key usage of an authority bounds what it may issue.
Result<void> check_authority(const Certificate& certificate, Role role, std::string_view purpose, Time at) {
  constexpr std::string_view any = "2.5.29.37.0";
  if (!certificate.is_ca())
    return refuse(shown(certificate, role) + " is not an authority's", "its basic constraints do not say CA");
  if (certificate.key_usage() && !certificate.key_usage()->key_cert_sign)
    return refuse(shown(certificate, role) + " may not issue certificates", "its key usage does not list it");
  const auto& usages = certificate.extended_key_usage();
  const bool bounded = certificate.extension("2.5.29.37") != nullptr;
  if (bounded && std::ranges::none_of(usages, [&](const auto& one) { return one == purpose || one == any; }))
    return refuse(
        shown(certificate, role) + " may not issue certificates for " + std::string(name_of(purpose)),
        "its extended key usage does not list " + std::string(purpose));
  TRY_OK(check_critical(certificate, role));
  return check_time(certificate, role, at);
}

}  // namespace

struct Authority::State {
  std::deque<Node> nodes;  // those that are trusted first; each once
  mutable Links links;
};

namespace {

Role role_of(const Node& node, bool is_leaf) {
  if (is_leaf) return Role::leaf;
  return node.trusted() ? Role::root : Role::intermediate;
}

// Tries the paths from one leaf upwards, until one is good; remembers what was nearest to that.
class Search {
 public:
  Search(Links& links, std::string_view purpose, Time at) : links_(links), purpose_(purpose), at_(at) {}

  void add(const Node& node) { nodes_.push_back(&node); }

  Result<std::vector<Certificate>> from(const Node& leaf) {
    path_ = {&leaf};
    if (!extend()) return fail(std::move(*nearest_).second);
    std::vector<Certificate> out;
    for (const auto* node : path_) out.push_back(node->certificate());
    return out;
  }

 private:
  bool extend() {
    const Node& last = *path_.back();
    if (last.trusted()) return judge();
    bool known = false;
    for (const auto* candidate : nodes_) {
      if (!same(candidate->certificate().subject_name(), last.certificate().issuer_name())) continue;
      if (std::ranges::find(path_, candidate) != path_.end()) continue;
      known = true;
      if (path_.size() >= longest_path || ++tried_ > most_links) return note(true, too_many());
      if (const auto fits = check(last, *candidate); !fits) {
        note(true, fits.error());
        continue;
      }
      path_.push_back(candidate);
      if (extend()) return true;
      path_.pop_back();
    }
    return known ? false : note(false, unknown_issuer(last));
  }

  Result<void> check(const Node& child, const Node& issuer) {
    for (const auto* node : {&child, &issuer}) {
      if (node->opened() == nullptr) return unreadable(*node);
    }
    if (!links_.check(child, issuer))
      return refuse(shown_last() + " is not signed by the key of its issuer",
                    "its issuer is " + issuer.certificate().subject_text());
    return check_authority(issuer.certificate(), role_of(issuer, false), purpose_, at_);
  }

  bool judge() {
    std::vector<X509*> path;
    for (const auto* node : path_) {
      if (node->opened() == nullptr) return note(true, unreadable(*node).error());
      path.push_back(node->opened());
    }
    const auto judged =
        internal::judge_path(path, [&](std::size_t at) { return links_.check(*path_[at], *path_[at + 1]); });
    if (judged) return true;
    const auto at = judged.error().at;
    const auto subject = shown(path_[at]->certificate(), role_of(*path_[at], at == 0));
    return note(true, refuse(subject + " cannot stand in its chain", judged.error().reason).error());
  }

  [[nodiscard]] std::unexpected<Error> unreadable(const Node& node) const {
    return refuse(shown(node.certificate(), role_of(node, &node == path_.front())) + " cannot be read",
                  "OpenSSL refuses its form");
  }

  [[nodiscard]] std::string shown_last() const {
    return shown(path_.back()->certificate(), role_of(*path_.back(), path_.size() == 1));
  }

  [[nodiscard]] Error unknown_issuer(const Node& last) const {
    const bool alone = last.certificate().self_issued();
    return refuse("no trusted authority issued " + shown_last(),
                  alone ? "it is its own issuer" : "its issuer is " + last.certificate().issuer_text())
        .error();
  }

  [[nodiscard]] static Error too_many() {
    return fail(Code::too_large, "the certificates make too many chains, or too long ones").error();
  }

  // Always false. The error that is kept is of the longest path; on a par, one that says more than that an
  // issuer is unknown.
  bool note(bool telling, Error error) {
    const auto rank = path_.size() * 2 + (telling ? 1 : 0);
    if (!nearest_ || rank > nearest_->first) nearest_.emplace(rank, std::move(error));
    return false;
  }

  Links& links_;
  std::string_view purpose_;
  Time at_;
  std::vector<const Node*> nodes_;
  std::vector<const Node*> path_;
  std::size_t tried_ = 0;
  std::optional<std::pair<std::size_t, Error>> nearest_;
};

}  // namespace

Result<Authority> Authority::from_chain(std::vector<Certificate> chain) {
  if (chain.empty()) return fail(Code::invalid_argument, "an authority needs at least one certificate");
  std::vector<Certificate> root = {std::move(chain.back())};
  chain.pop_back();
  return from_pools(std::move(root), std::move(chain));
}

Result<Authority> Authority::from_pools(std::vector<Certificate> roots,
                                        std::vector<Certificate> intermediates) {
  if (roots.empty()) return fail(Code::invalid_argument, "an authority needs at least one root certificate");
  auto state = std::make_shared<State>();
  const auto add = [&](std::vector<Certificate>& certificates, bool trusted) {
    for (auto& certificate : certificates) {
      if (std::ranges::find(state->nodes, certificate, &Node::certificate) == state->nodes.end())
        state->nodes.emplace_back(std::move(certificate), trusted);
    }
  };
  add(roots, true);
  add(intermediates, false);
  Authority out;
  out.state_ = std::move(state);
  return out;
}

Result<std::vector<Certificate>> Authority::verify(const Certificate& leaf,
                                                   std::span<const Certificate> beside, Time at,
                                                   std::string_view purpose) const {
  TRY_OK(check_leaf(leaf, purpose, at));
  if (beside.size() > limits::certificates)
    return fail(Code::too_large,
                "more than " + std::to_string(limits::certificates) + " certificates of one chain");
  const auto& nodes = state_->nodes;
  Search search(state_->links, purpose, at);
  for (const auto& node : nodes) search.add(node);
  std::deque<Node> others;
  for (const auto& certificate : beside) {
    const bool known = certificate == leaf ||
                       std::ranges::find(nodes, certificate, &Node::certificate) != nodes.end() ||
                       std::ranges::find(others, certificate, &Node::certificate) != others.end();
    if (!known) search.add(others.emplace_back(certificate, false));
  }
  if (const auto known = std::ranges::find(nodes, leaf, &Node::certificate); known != nodes.end())
    return search.from(*known);
  return search.from(others.emplace_back(leaf, false));
}

}  // namespace sigstore::crypto::x509
