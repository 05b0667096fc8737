#include "sigstore/carry/walk.h"

#include <algorithm>
#include <map>
#include <span>

#include "sigstore/base/limits.h"
#include "sigstore/base/parallel.h"

namespace sigstore::carry {
namespace {

constexpr std::size_t kept_bytes = 4 * limits::mib;  // of manifests; others are read again
constexpr std::size_t large_tag = 64 * limits::kib;  // the manifest of a tag, as above
constexpr std::size_t carried_blobs = 200000;
constexpr std::size_t looked_at_once = 4 * limits::max_workers;  // nodes, whose manifests are in memory

// A manifest that was found, and is still to be read and looked at.
struct Node {
  Item item;
  std::optional<remote::ManifestContent> content;  // read already
  std::optional<std::size_t> parent;               // of a child: the item whose index lists it
  std::optional<std::size_t> on;                   // of what hangs: the item that it hangs on
  std::size_t depth = 0;                           // hangs on what hangs on …
};

// What reading and asking about a node came to.
struct Seen {
  std::optional<Error> error;
  std::optional<std::string> passed_over;
  std::vector<oci::Descriptor> blobs, children;
  Hanging hanging;
  std::string bytes;
  std::optional<oci::Descriptor> descriptor;  // of a referrer, as its manifest says
};

// Layers that a registry need not have: their manifest says where they are (image-spec, layer.md).
bool is_elsewhere(const oci::Descriptor& blob) {
  return blob.media_type.contains("nondistributable") || blob.media_type.contains(".foreign.");
}

class Walk {
 public:
  Walk(Source& source, const WalkOptions& options) : source_(source), options_(options) {}
  Result<Cargo> run(const oci::Descriptor& root);

 private:
  Seen look(const Node& node, bool ask);
  static void read_document(Seen& seen, Node& node, const remote::ManifestContent& content);
  Result<void> take(Node& node, Seen& seen);
  Result<void> add(Node node);
  Result<void> look_at(std::span<Node> nodes);
  void settle(std::size_t item);
  Result<Cargo> pack(const oci::Descriptor& root);
  [[nodiscard]] std::string key(const Item& item) const;

  Source& source_;
  const WalkOptions& options_;
  std::vector<Node> next_;
  std::map<std::string, std::size_t> known_;  // items by key
  std::set<oci::Digest> asked_;               // what hangs on them is known
  std::vector<Item> items_;
  std::vector<std::vector<std::size_t>> after_;  // items that go before this one
  std::vector<char> settled_;
  std::size_t kept_ = 0, blobs_ = 0;
  std::vector<std::string> notes_;
};

// The same manifest under the tag of another image is another thing to carry, and a child that is a referrer,
// too, has to be listed as one.
std::string Walk::key(const Item& item) const {
  const std::string& digest = item.descriptor.digest.text();
  if (!item.subject) return digest + (item.kind == Kind::referrer ? " referrer" : "");
  return digest + " " + item.subject->text() + std::string(tag_suffix(item.kind));
}

void Walk::read_document(Seen& seen, Node& node, const remote::ManifestContent& content) {
  std::optional<oci::Descriptor> subject;
  if (oci::is_index(content.descriptor.media_type)) {
    auto index = oci::Index::parse(content.bytes);
    if (!index) {
      seen.error = index.error();
      return;
    }
    seen.children = std::move(index->manifests);
    subject = std::move(index->subject);
  } else {
    auto manifest = oci::Manifest::parse(content.bytes);
    if (!manifest) {
      seen.error = manifest.error();
      return;
    }
    if (!manifest->config.digest.text().empty()) seen.blobs.push_back(std::move(manifest->config));
    for (oci::Descriptor& layer : manifest->layers)
      if (!is_elsewhere(layer)) seen.blobs.push_back(std::move(layer));
    subject = std::move(manifest->subject);
  }
  const bool listed = node.item.kind == Kind::referrer && node.on;
  if (listed && (!subject || subject->digest != *node.item.subject))
    seen.passed_over =
        "listed as a referrer, but about something else: " + node.item.descriptor.digest.text();
}

Seen Walk::look(const Node& node, bool ask) {
  Seen seen;
  const oci::Digest& digest = node.item.descriptor.digest;
  Result<remote::ManifestContent> content =
      node.content ? *node.content : source_.manifest(digest, node.item.kind != Kind::image);
  if (!content) {
    if (node.on && content.error().code == Code::not_found)
      seen.passed_over = "listed as a referrer, but not there any more: " + digest.text();
    else
      seen.error = content.error();
    return seen;
  }
  Node described = node;
  read_document(seen, described, *content);
  if (seen.error) seen.error = seen.error->wrap("cannot read the manifest " + digest.text());
  if (seen.error || seen.passed_over) return seen;
  // A list may say anything of what it lists.
  if (node.on && node.item.kind == Kind::referrer)
    if (auto described_by_itself = oci::referrer_descriptor(content->bytes, content->descriptor.media_type)) {
      described_by_itself->digest = digest;
      seen.descriptor = *std::move(described_by_itself);
    }
  if (!seen.descriptor) {
    seen.descriptor = node.item.descriptor;
    seen.descriptor->size = content->descriptor.size;
    seen.descriptor->media_type = content->descriptor.media_type;
  }
  seen.bytes = std::move(content->bytes);
  if (!ask) return seen;
  auto hanging = source_.hanging(digest);
  if (!hanging) {
    seen.error = hanging.error();
    return seen;
  }
  seen.hanging = std::move(*hanging);
  for (Hanging::Tagged& tagged : seen.hanging.tags)
    if (tagged.content.bytes.size() > large_tag) tagged.content.bytes.clear();
  return seen;
}

Result<void> Walk::add(Node node) {
  const auto known = known_.find(key(node.item));
  if (known != known_.end()) {
    if (node.parent) after_[*node.parent].push_back(known->second);
    return {};
  }
  if (next_.size() + items_.size() >= limits::carried_manifests)
    return fail(Code::too_large, "too much hangs on this image",
                "more than " + std::to_string(limits::carried_manifests) + " manifests");
  if (node.depth > limits::referrer_depth)
    return fail(Code::too_large, "this image, or what hangs on it, is nested too deeply",
                "more than " + std::to_string(limits::referrer_depth) + " steps");
  next_.push_back(std::move(node));
  return {};
}

Result<void> Walk::take(Node& node, Seen& seen) {
  if (seen.error) return fail(*seen.error);
  if (seen.passed_over) {
    notes_.push_back(*seen.passed_over);
    return {};
  }
  const auto [place, fresh] = known_.emplace(key(node.item), items_.size());
  const std::size_t self = place->second;
  if (node.parent) after_[*node.parent].push_back(self);
  if (!fresh) return {};
  after_.emplace_back();
  if (node.on) after_[self].push_back(*node.on);
  blobs_ += seen.blobs.size();
  if (blobs_ > carried_blobs)
    return fail(Code::too_large, "too much hangs on this image",
                "more than " + std::to_string(carried_blobs) + " blobs");
  Item item = std::move(node.item);
  item.descriptor = *std::move(seen.descriptor);
  item.blobs = std::move(seen.blobs);
  kept_ += seen.bytes.size();
  if (kept_ <= kept_bytes) item.bytes = std::move(seen.bytes);
  const oci::Digest digest = item.descriptor.digest;
  const Kind kind = item.kind;
  items_.push_back(std::move(item));
  for (oci::Descriptor& child : seen.children)
    TRY_OK(add({{.kind = kind == Kind::image ? kind : Kind::referrer, .descriptor = std::move(child)},
                {},
                self,
                {},
                node.depth + 1}));
  std::ranges::move(seen.hanging.notes, std::back_inserter(notes_));
  for (Hanging::Tagged& tagged : seen.hanging.tags) {
    Item found{.kind = tagged.kind, .descriptor = tagged.content.descriptor, .subject = digest};
    std::optional<remote::ManifestContent> content;
    if (!tagged.content.bytes.empty()) content = std::move(tagged.content);
    TRY_OK(add({std::move(found), std::move(content), {}, self, node.depth + 1}));
  }
  for (oci::Descriptor& referrer : seen.hanging.referrers) {
    Item found{.kind = Kind::referrer, .descriptor = std::move(referrer), .subject = digest};
    TRY_OK(add({std::move(found), {}, {}, self, node.depth + 1}));
  }
  return {};
}

// The wave of an item is after those of all that go before it. A graph of digests has no circle; one that
// tags make up is cut.
void Walk::settle(std::size_t item) {
  if (settled_[item] != 0) return;
  settled_[item] = 1;
  std::size_t wave = 0;
  for (const std::size_t before : after_[item]) {
    settle(before);
    wave = std::max(wave, items_[before].wave + 1);
  }
  items_[item].wave = wave;
}

Result<Cargo> Walk::pack(const oci::Descriptor& root) {
  settled_.assign(items_.size(), 0);
  for (std::size_t i = 0; i < items_.size(); ++i) settle(i);
  Cargo cargo{root, {}, std::move(notes_)};
  for (Item& item : items_)
    if (options_.kinds.empty() || options_.kinds.contains(item.kind)) cargo.items.push_back(std::move(item));
  std::ranges::stable_sort(cargo.items, {}, &Item::wave);
  return cargo;
}

// Of the same manifest it is asked once what hangs on it: where it was taken first.
Result<void> Walk::look_at(std::span<Node> nodes) {
  std::vector<Seen> seen(nodes.size());
  std::vector<char> ask;
  for (const Node& node : nodes) ask.push_back(asked_.contains(node.item.descriptor.digest) ? 0 : 1);
  parallel(nodes.size(), options_.at_once, [&](std::size_t i) { seen[i] = look(nodes[i], ask[i] != 0); });
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const oci::Digest digest = nodes[i].item.descriptor.digest;
    const bool passed_over = seen[i].passed_over.has_value();
    TRY_OK(take(nodes[i], seen[i]));
    if (!passed_over) asked_.insert(digest);
    nodes[i] = {};
  }
  return {};
}

Result<Cargo> Walk::run(const oci::Descriptor& root) {
  TRY_OK(add({{.kind = Kind::image, .descriptor = root}, {}, {}, {}, 0}));
  while (!next_.empty()) {
    std::vector<Node> nodes = std::exchange(next_, {});
    for (std::size_t first = 0; first < nodes.size(); first += looked_at_once)
      TRY_OK(look_at(std::span(nodes).subspan(first, std::min(looked_at_once, nodes.size() - first))));
  }
  return pack(root);
}

}  // namespace

Result<Cargo> walk(Source& source, const oci::Descriptor& root, const WalkOptions& options) {
  return Walk(source, options).run(root);
}

}  // namespace sigstore::carry
