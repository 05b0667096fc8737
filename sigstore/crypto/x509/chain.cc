#include "sigstore/crypto/x509/chain.h"

#include <algorithm>
#include <deque>
#include <mutex>
#include <optional>
#include <unordered_set>

#include "sigstore/base/limits.h"
#include "sigstore/crypto/hash.h"
#include "sigstore/crypto/x509/internal/path.h"
#include "sigstore/crypto/x509/internal/plain.h"
#include "sigstore/crypto/x509/internal/rules.h"

namespace sigstore::crypto::x509 {
namespace {

using internal::check_authority;
using internal::refuse;
using internal::Role;
using internal::shown;

constexpr std::size_t longest_path = 16;
constexpr std::size_t most_links = 64;  // that are looked at for one leaf
constexpr std::size_t most_remembered_links = 4096;
constexpr std::size_t most_remembered_leaves = 16;

// A certificate and what is kept of it to judge many paths. OpenSSL reads it when it is first asked for: that
// costs some fifty times as much as our own reader, and most are never asked for.
class Node {
 public:
  Node(Certificate certificate, bool trusted)
      : certificate_(std::move(certificate)), trusted_(trusted), digest_(sha256(certificate_.der())) {}

  [[nodiscard]] const Certificate& certificate() const { return certificate_; }
  [[nodiscard]] bool trusted() const { return trusted_; }
  [[nodiscard]] const Bytes& digest() const { return digest_; }  // SHA-256 of the certificate
  [[nodiscard]] X509* opened() const {                           // nullptr when OpenSSL cannot read it
    std::call_once(once_, [&] {
      if (auto x509 = internal::open_certificate(certificate_)) opened_ = std::move(*x509);
    });
    return opened_.get();
  }

 private:
  Certificate certificate_;
  bool trusted_;
  Bytes digest_;
  mutable std::once_flag once_;
  mutable internal::X509Ptr opened_;
};

// Signatures that were checked and are good: of exactly this certificate by exactly that one's key.
class Links {
 public:
  bool check(const Node& child, const Node& issuer) {
    const std::string pair = to_text(child.digest()) + to_text(issuer.digest());
    {
      const std::lock_guard lock(mutex_);
      if (good_.contains(pair)) return true;
    }
    if (!is_signed(child, issuer)) return false;
    const std::lock_guard lock(mutex_);
    if (good_.size() >= most_remembered_links) good_.clear();
    good_.insert(pair);
    return true;
  }

 private:
  static bool is_signed(const Node& child, const Node& issuer) {
    if (const auto plainly = internal::plainly_signed(child.certificate(), issuer.certificate()))
      return *plainly;
    return child.opened() != nullptr && issuer.opened() != nullptr &&
           internal::is_signed_by(*child.opened(), *issuer.opened());
  }

  std::mutex mutex_;
  std::unordered_set<std::string> good_;
};

// The leaves that were judged last: a timestamp authority has one for all its tokens.
class Leaves {
 public:
  std::shared_ptr<const Node> find_or_add(const Certificate& leaf) {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(
        kept_, leaf, [](const auto& node) -> const Certificate& { return node->certificate(); });
    if (found != kept_.end()) return *found;
    if (kept_.size() >= most_remembered_leaves) kept_.pop_front();
    return kept_.emplace_back(std::make_shared<const Node>(leaf, false));
  }

 private:
  std::mutex mutex_;
  std::deque<std::shared_ptr<const Node>> kept_;
};

bool same(BytesView a, BytesView b) {
  return std::ranges::equal(a, b);
}

}  // namespace

struct Authority::State {
  std::deque<Node> nodes;  // those that are trusted first; each once
  mutable Links links;
  mutable Leaves leaves;
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
    if (!links_.check(child, issuer)) {
      for (const auto* node : {&child, &issuer})
        if (node->opened() == nullptr) return unreadable(*node);
      return refuse(shown_last() + " is not signed by the key of its issuer",
                    "its issuer is " + issuer.certificate().subject_text());
    }
    return check_authority(issuer.certificate(), role_of(issuer, false), purpose_, at_);
  }

  bool judge() {
    std::vector<const Certificate*> certificates;
    for (const auto* node : path_) certificates.push_back(&node->certificate());
    return internal::is_plain_path(certificates) || judge_by_openssl();
  }

  bool judge_by_openssl() {
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
  TRY_OK(internal::check_leaf(leaf, purpose, at));
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
  return search.from(*state_->leaves.find_or_add(leaf));
}

}  // namespace sigstore::crypto::x509
