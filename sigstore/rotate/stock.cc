#include "sigstore/rotate/stock.h"

#include <algorithm>
#include <map>
#include <set>

#include "sigstore/base/limits.h"
#include "sigstore/base/parallel.h"

namespace sigstore::rotate {
namespace {

constexpr std::size_t names_kept = 16;  // of one digest

// What looking at one digest came to.
struct Look {
  bool there = false;
  std::optional<oci::Repository> home;  // where it is, when that was found out
  std::vector<oci::Descriptor> children, referrers;
  std::vector<Failure> failures;
  std::vector<std::string> notes;
};

struct Node {
  Found found;
  std::string media_type;  // empty: not known yet
  std::size_t depth = 0;
};

// What is signed or said is signed again with what it is about; nobody signs it itself.
bool is_signature(const oci::Descriptor& referrer) {
  return referrer.artifact_type == oci::media_type::signature_artifact ||
         referrer.artifact_type.starts_with(oci::media_type::bundle_prefix);
}

std::string child_name(const std::string& parent, const oci::Descriptor& child) {
  if (child.platform && child.platform->os != "unknown") return parent + " (" + child.platform->text() + ")";
  return parent + " (child)";
}

class StockTaking {
 public:
  StockTaking(remote::Registry& registry, const Place& place, const StockOptions& options)
      : registry_(registry), place_(place), options_(options) {}

  Result<Stock> run();

 private:
  struct Tag {
    std::string name;
    const oci::Repository& repository;
  };

  [[nodiscard]] Result<void> may_go_on() const {
    return options_.may_go_on ? options_.may_go_on() : Result<void>();
  }
  [[nodiscard]] bool apart() const { return place_.images != place_.signatures; }
  Result<void> list_tags();
  void read_tags(const std::vector<std::string>& tags, const oci::Repository& repository);
  Result<void> resolve_tags();
  Node* add(const oci::Digest& digest, const oci::Repository& home, std::string name, std::size_t depth);
  Result<void> look_below();
  Look look(const Node& node);
  void find(const Node& node, std::string& media_type, Look& look);
  void read_children(const Node& node, Look& look);
  void read_referrers(const Node& node, Look& look);
  void take(std::size_t index, Look look);
  void take_below(const Node& parent, const oci::Descriptor& below, const oci::Repository& home,
                  std::string name);

  remote::Registry& registry_;
  const Place& place_;
  const StockOptions& options_;
  std::vector<Tag> tags_;                                   // to be resolved
  std::vector<std::pair<oci::Digest, std::string>> named_;  // digests that tags are named after
  std::set<std::string> lists_;                             // tags of lists of referrers
  std::vector<Node> nodes_;                                 // all that was found
  std::map<oci::Digest, std::size_t> known_;
  bool full_ = false;
  Stock stock_;
};

// The node, where it is new. What is known gets one more name.
Node* StockTaking::add(const oci::Digest& digest, const oci::Repository& home, std::string name,
                       std::size_t depth) {
  const auto known = known_.find(digest);
  if (known != known_.end()) {
    auto& names = nodes_[known->second].found.names;
    if (names.size() < names_kept && std::ranges::find(names, name) == names.end())
      names.push_back(std::move(name));
    return nullptr;
  }
  if (nodes_.size() >= limits::carried_manifests) {
    if (!full_)
      stock_.failures.push_back({name, Error{Code::too_large,
                                             "there are too many digests",
                                             "more than " + std::to_string(limits::carried_manifests),
                                             {}}});
    full_ = true;
    return nullptr;
  }
  known_.emplace(digest, nodes_.size());
  nodes_.push_back({{digest, {std::move(name)}, home, false}, {}, depth});
  return &nodes_.back();
}

void StockTaking::read_tags(const std::vector<std::string>& tags, const oci::Repository& repository) {
  for (const std::string& tag : tags) {
    const auto named_after = beside(tag, place_.tag_prefix);
    const bool list = named_after && named_after->suffix.empty();
    if (list && !named_after->own) lists_.insert(tag);
    // An SBOM is an image that may be signed; and some name images like lists of referrers.
    const bool image = !named_after || (!named_after->own && (list || named_after->suffix == ".sbom"));
    if (image && (named_after || repository == place_.images)) tags_.push_back({tag, repository});
    if (named_after) named_.emplace_back(named_after->digest, tag);
  }
}

Result<void> StockTaking::list_tags() {
  TRY(const auto tags, registry_.tags(place_.images));
  read_tags(tags, place_.images);
  if (!apart()) return {};
  const auto moved = registry_.tags(place_.signatures);
  if (moved)
    read_tags(*moved, place_.signatures);
  else if (moved.error().code != Code::not_found)
    stock_.failures.push_back({place_.signatures.text(), moved.error()});
  return {};
}

Result<void> StockTaking::resolve_tags() {
  std::vector<Result<oci::Descriptor>> named(tags_.size(), oci::Descriptor{});
  parallel(tags_.size(), options_.workers, [&](std::size_t i) {
    if (auto go_on = may_go_on(); !go_on) {
      named[i] = fail(go_on.error());
      return;
    }
    oci::Reference reference;
    reference.repository = tags_[i].repository;
    reference.tag = tags_[i].name;
    named[i] = registry_.resolve(reference);
  });
  TRY_OK(may_go_on());
  for (std::size_t i = 0; i < tags_.size(); ++i) {
    const std::string& name = tags_[i].name;
    if (!named[i]) {
      if (named[i].error().code == Code::not_found)
        stock_.notes.push_back("the tag " + name + " is not there any more");
      else
        stock_.failures.push_back({name, named[i].error()});
      continue;
    }
    if (lists_.contains(name) && !oci::is_manifest(named[i]->media_type)) continue;
    if (Node* node = add(named[i]->digest, tags_[i].repository, name, 0)) {
      node->media_type = named[i]->media_type;
      node->found.there = true;
    }
  }
  return {};
}

// A digest that is only known by name: whether it is there, and what it is.
void StockTaking::find(const Node& node, std::string& media_type, Look& look) {
  for (const oci::Repository& home : {place_.images, place_.signatures}) {
    oci::Reference reference;
    reference.repository = home;
    reference.digest = node.found.digest;
    const auto there = registry_.resolve(reference);
    if (there) {
      look.there = true;
      look.home = home;
      media_type = there->media_type;
      return;
    }
    if (there.error().code != Code::not_found)
      look.failures.push_back({node.found.digest.text(), there.error()});
    if (!apart()) return;
  }
}

void StockTaking::read_children(const Node& node, Look& look) {
  const auto content = registry_.manifest(look.home.value_or(node.found.home), node.found.digest.text());
  if (!content && content.error().code == Code::not_found) {
    look.there = false;
    return;
  }
  auto index = content ? oci::Index::parse(content->bytes) : std::unexpected(content.error());
  if (!index) {
    look.failures.push_back(
        {node.found.digest.text(), index.error().wrap("which images this index has is not known")});
    return;
  }
  for (oci::Descriptor& child : index->manifests)
    if (oci::is_index(child.media_type) || oci::is_manifest(child.media_type))
      look.children.push_back(std::move(child));
}

void StockTaking::read_referrers(const Node& node, Look& look) {
  auto answer = registry_.referrers(place_.signatures, node.found.digest);
  if (!answer) {
    look.failures.push_back(
        {node.found.digest.text(), answer.error().wrap("its referrers cannot be listed")});
    return;
  }
  if (answer->truncated)
    look.failures.push_back(
        {node.found.digest.text(),
         Error{Code::too_large, "it has too many referrers", "not all were looked at", {}}});
  look.referrers = std::move(answer->descriptors);
  const std::string tag = oci::attachment_tag(node.found.digest, "");
  if (lists_.contains(tag)) {
    const auto content = registry_.manifest(place_.signatures, tag);
    if (content && oci::is_index(content->descriptor.media_type)) {
      auto index = oci::Index::parse(content->bytes);
      if (index)
        std::ranges::move(index->manifests, std::back_inserter(look.referrers));
      else
        look.failures.push_back({tag, index.error()});
    } else if (!content && content.error().code != Code::not_found) {
      look.failures.push_back({tag, content.error()});
    }
  }
  std::erase_if(look.referrers, is_signature);
}

Look StockTaking::look(const Node& node) {
  Look seen;
  seen.there = node.found.there;
  std::string media_type = node.media_type;
  if (!seen.there) find(node, media_type, seen);
  if (!seen.there) return seen;
  if (oci::is_index(media_type)) read_children(node, seen);
  if (seen.there) read_referrers(node, seen);
  return seen;
}

void StockTaking::take_below(const Node& parent, const oci::Descriptor& below, const oci::Repository& home,
                             std::string name) {
  if (parent.depth >= limits::referrer_depth) {
    stock_.failures.push_back(
        {parent.found.digest.text(), Error{Code::too_large, "it is nested too deeply", {}, {}}});
    return;
  }
  if (Node* node = add(below.digest, home, std::move(name), parent.depth + 1)) {
    node->media_type = below.media_type;
    node->found.there = true;  // until somebody asks for it
  }
}

void StockTaking::take(std::size_t index, Look look) {
  nodes_[index].found.there = look.there;
  if (look.home) nodes_[index].found.home = *look.home;
  std::ranges::move(look.failures, std::back_inserter(stock_.failures));
  std::ranges::move(look.notes, std::back_inserter(stock_.notes));
  const Node parent = nodes_[index];  // the list grows
  const std::string& name = parent.found.names.front();
  for (const oci::Descriptor& child : look.children)
    take_below(parent, child, parent.found.home, child_name(name, child));
  for (const oci::Descriptor& referrer : look.referrers)
    take_below(parent, referrer, place_.signatures, "on " + name);
}

// In waves: what one finds is looked at in the next.
Result<void> StockTaking::look_below() {
  std::size_t looked_at = 0;
  while (looked_at < nodes_.size()) {
    if (options_.progress) options_.progress(nodes_.size());
    const std::size_t begin = looked_at;
    looked_at = nodes_.size();
    std::vector<Look> seen(looked_at - begin);
    parallel(seen.size(), options_.workers, [&](std::size_t i) {
      if (may_go_on()) seen[i] = look(nodes_[begin + i]);
    });
    TRY_OK(may_go_on());
    for (std::size_t i = 0; i < seen.size(); ++i) take(begin + i, std::move(seen[i]));
  }
  return {};
}

Result<Stock> StockTaking::run() {
  TRY_OK(list_tags());
  TRY_OK(resolve_tags());
  for (const oci::Digest& digest : options_.also) add(digest, place_.images, digest.text(), 0);
  for (auto& [digest, tag] : named_)
    if (!known_.contains(digest)) add(digest, place_.images, std::move(tag), 0);
  TRY_OK(look_below());
  for (const oci::Digest& digest : options_.also)
    if (!nodes_[known_.at(digest)].found.there)
      stock_.failures.push_back({digest.text(), Error{Code::not_found, "there is no such image", {}, {}}});
  for (Node& node : nodes_) stock_.found.push_back(std::move(node.found));
  return std::move(stock_);
}

}  // namespace

Result<Stock> take_stock(remote::Registry& registry, const Place& place, const StockOptions& options) {
  return StockTaking(registry, place, options).run();
}

}  // namespace sigstore::rotate
