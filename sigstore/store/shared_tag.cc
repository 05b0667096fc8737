#include "sigstore/store/shared_tag.h"

#include <algorithm>
#include <chrono>

#include "sigstore/store/own_tags.h"
#include "sigstore/store/pause.h"
#include "sigstore/store/tag_access.h"

namespace sigstore::store {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock::time_point;

constexpr Duration settle_floor = 200ms;  // what a lone writer waits before it looks again
constexpr Duration jitter = 40ms;
constexpr int settle_factor = 5;          // or this many times what it took from read to write
constexpr Duration quiet_time = 2s;       // after the last sign of another writer
constexpr Duration noise_patience = 10s;  // others keep adding, and ours stays: long enough
constexpr Duration stale = 50ms;          // an older read is repeated before writing
constexpr int rereads = 3;
constexpr Duration first_back_off = 25ms;
constexpr Duration longest_back_off = 1500ms;
constexpr int failed_reads = 4;
constexpr int failed_writes = 4;
constexpr int baffling_conflicts = 3;  // "412" although the tag stands as it was

// The tag as one read saw it.
struct View {
  std::optional<remote::ManifestContent> content;
  std::vector<TagEntry> missing;  // ours, and entries seen before, that are not there
  Steady asked;                   // when the read was sent
  bool ours = false;

  [[nodiscard]] bool same_content(const View& other) const {
    if (content.has_value() != other.content.has_value()) return false;
    return !content || content->descriptor.digest == other.content->descriptor.digest;
  }
};

bool may_pass(Code code) {
  return code == Code::unavailable || code == Code::timeout || code == Code::unreachable;
}

class TagWriter {
 public:
  TagWriter(remote::Registry& registry, const Env& env, const oci::Repository& repository,
            const std::string& tag, TagDocument& document, const TagEntry& ours,
            const SharedTagOptions& options)
      : registry_(registry),
        clock_(*env.clock),
        pause_(env),
        repository_(repository),
        tag_(tag),
        document_(document),
        ours_(ours),
        options_(options),
        own_tags_(registry, repository, tag) {
    remember(ours);
  }

  Result<SharedTagReport> run();

 private:
  enum class Written { proven, unproven, failed };

  Result<View> look();
  Result<std::optional<remote::ManifestContent>> read();
  Result<std::optional<remote::ManifestContent>> hidden(const Error& error);
  Result<std::optional<Draft>> fresh_draft(View& view);
  Result<Written> write(View& view);
  Result<Written> refused(const View& view, Error error);
  [[nodiscard]] remote::Precondition condition(const View& view) const;
  void remember(const TagEntry& entry);
  void compare(View& view, const std::vector<TagEntry>& standing);
  Result<std::optional<Duration>> act(View& view);
  [[nodiscard]] Steady quiet_at() const;
  [[nodiscard]] Duration settle() const;
  Duration back_off();
  void note(std::string text);

  remote::Registry& registry_;
  Clock& clock_;
  Pause pause_;
  const oci::Repository& repository_;
  const std::string& tag_;
  TagDocument& document_;
  const TagEntry& ours_;
  const SharedTagOptions& options_;
  OwnTags own_tags_;

  SharedTagReport report_;
  std::vector<TagEntry> known_;  // in the order they were first seen, ours first
  std::set<std::string> known_keys_;
  std::set<std::string> stood_;  // keys that were on the tag at some time
  bool looked_ = false;
  Steady asked_, wrote_, disturbed_, lost_;
  bool contested_ = false;  // other writers were noticed
  Duration cost_{};         // from the read to the end of the write
  int setbacks_ = 0;
  int failed_writes_ = 0;
  int baffling_ = 0;
  bool unconditional_ = false;      // conditions fail here whatever they say
  std::optional<View> conflicted_;  // what the last write that met a 412 was based on
};

void TagWriter::remember(const TagEntry& entry) {
  if (known_keys_.insert(entry.key).second) known_.push_back(entry);
}

void TagWriter::note(std::string text) {
  if (std::ranges::find(report_.notes, text) == report_.notes.end()) report_.notes.push_back(std::move(text));
}

Result<std::optional<remote::ManifestContent>> TagWriter::hidden(const Error& error) {
  TRY(auto listed, tag_is_listed(registry_, repository_, tag_, error));
  if (listed) return fail(cannot_read_tag(repository_, tag_, error));
  note("the registry does not say whether the tag " + tag_ +
       " exists; its list of tags does not name it, so it is "
       "taken as absent");
  return std::nullopt;
}

Result<std::optional<remote::ManifestContent>> TagWriter::read() {
  bool absent = false;
  int failures = 0;
  while (true) {
    asked_ = clock_.steady();
    auto content = registry_.manifest(repository_, tag_);
    if (content) return std::move(*content);
    const Error& error = content.error();
    if (error.code == Code::not_found) {
      if (absent) return std::nullopt;
      absent = true;
    } else if (error.code == Code::unauthorized || error.code == Code::forbidden) {
      return hidden(error);
    } else if (may_pass(error.code) && ++failures <= failed_reads) {
      absent = false;
      TRY_OK(clock_.sleep(pause_.growing(200ms, failures, longest_back_off)));
    } else {
      return fail(error.wrap("cannot read the tag " + tag_ + " of " + repository_.text()));
    }
  }
}

// What is missing, and whether the tag shows that others write as well.
void TagWriter::compare(View& view, const std::vector<TagEntry>& standing) {
  std::set<std::string> keys;
  bool news = false;
  for (const TagEntry& entry : standing) {
    keys.insert(entry.key);
    news = news || !known_keys_.contains(entry.key);
    remember(entry);
  }
  bool lost = false;
  for (const TagEntry& entry : known_) {
    if (keys.contains(entry.key)) continue;
    lost = lost || stood_.contains(entry.key);
    view.missing.push_back(entry);
  }
  view.ours = keys.contains(ours_.key);
  stood_.insert(keys.begin(), keys.end());
  if (looked_ && (news || lost)) {
    contested_ = true;
    disturbed_ = clock_.steady();
    if (lost) lost_ = disturbed_;
  }
  looked_ = true;
}

Result<View> TagWriter::look() {
  View view;
  if (options_.own_tags) {
    TRY(auto gathered, own_tags_.gather(document_));
    for (const TagEntry& entry : gathered) remember(entry);
  }
  TRY(view.content, read());
  view.asked = asked_;
  std::vector<TagEntry> standing;
  if (view.content) {
    TRY(standing, document_.entries(*view.content));
  }
  compare(view, standing);
  return view;
}

// A draft whose read is recent, so that little can come in between. nullopt: nothing is missing any more.
Result<std::optional<Draft>> TagWriter::fresh_draft(View& view) {
  for (int again = 0;; ++again) {
    if (view.missing.empty()) return std::nullopt;
    TRY(auto draft, document_.append(view.content ? &*view.content : nullptr, view.missing));
    if (again == rereads || clock_.steady() - view.asked <= stale) return draft;
    TRY(View now, look());
    const bool same = now.same_content(view) && now.missing.size() == view.missing.size();
    view = std::move(now);
    if (same) return draft;
  }
}

remote::Precondition TagWriter::condition(const View& view) const {
  using Kind = remote::Precondition::Kind;
  if (unconditional_) return {};
  if (!view.content) return {Kind::absent, {}};
  const std::string& etag = view.content->etag;
  const bool strong =
      !etag.empty() && !etag.starts_with("W/");  // a weak one never matches (RFC 9110, 13.1.1)
  return strong ? remote::Precondition{Kind::unchanged, etag} : remote::Precondition{};
}

Result<TagWriter::Written> TagWriter::write(View& view) {
  TRY(const auto draft, fresh_draft(view));
  if (!draft) return Written::unproven;
  const remote::Precondition held = condition(view);
  auto put = registry_.push_manifest(repository_, tag_, draft->media_type, draft->bytes, held);
  wrote_ = clock_.steady();
  cost_ = wrote_ - view.asked;
  if (!put) return refused(view, std::move(put).error());
  ++report_.writes;
  failed_writes_ = 0;
  for (const TagEntry& entry : view.missing) stood_.insert(entry.key);
  const bool proven =
      held.kind != remote::Precondition::Kind::none && registry_.honours_preconditions(repository_);
  return proven ? Written::proven : Written::unproven;
}

// A write that did not succeed, or whose answer is not known: look again, unless that cannot help.
Result<TagWriter::Written> TagWriter::refused(const View& view, Error error) {
  if (error.code == Code::cancelled) return fail(std::move(error));
  if (says_immutable(error, view.content.has_value()))
    return fail(tag_is_immutable(repository_, tag_, error, options_.immutable_hint));
  if (error.code == Code::unauthorized || error.code == Code::forbidden)
    return fail(cannot_write_tag(repository_, tag_, error));
  if (error.code == Code::conflict) {
    baffling_ = conflicted_ && conflicted_->same_content(view) ? baffling_ + 1 : 1;
    conflicted_ = view;
    if (baffling_ < baffling_conflicts) return Written::failed;
    if (unconditional_) return fail(tag_is_immutable(repository_, tag_, error, options_.immutable_hint));
    unconditional_ = true;
    baffling_ = 0;
    return Written::failed;
  }
  if (may_pass(error.code) && ++failed_writes_ <= failed_writes) return Written::failed;
  return fail(error.wrap("cannot write the tag " + tag_ + " of " + repository_.text()));
}

// With tags of their own nothing can be lost to a writer that looks once after it wrote.
Duration TagWriter::settle() const {
  return options_.own_tags ? Duration{} : std::max(settle_floor, settle_factor * cost_);
}

Duration TagWriter::back_off() {
  return pause_.growing(std::max(first_back_off, cost_), setbacks_++, longest_back_off);
}

// When the tag may be left alone, unless something happens before.
Steady TagWriter::quiet_at() const {
  const Steady unnoticed = wrote_ + settle();
  if (!contested_ || options_.own_tags) return unnoticed;
  const Steady noisy = std::max(unnoticed, disturbed_ + std::max(quiet_time, settle()));
  return std::min(noisy, std::max(wrote_, lost_) + settle() + noise_patience);
}

// What there is to do about a view, and how long to wait before the next one. nullopt: a condition held, it
// is done.
Result<std::optional<Duration>> TagWriter::act(View& view) {
  if (view.missing.empty()) return std::min(quiet_at() - clock_.steady(), pause_.between(200ms, 600ms));
  TRY(const Written written, write(view));
  if (written == Written::failed) return back_off();
  report_.proven = written == Written::proven;
  if (report_.proven) return std::nullopt;
  return settle() + (options_.own_tags ? Duration{} : pause_.up_to(jitter));
}

Result<SharedTagReport> TagWriter::run() {
  const Steady start = clock_.steady();
  if (options_.own_tags) TRY_OK(own_tags_.publish(document_, ours_));
  TRY(View view, look());
  if (view.missing.empty()) return report_;
  while (true) {
    TRY(const auto pause, act(view));
    if (!pause) return report_;
    TRY_OK(clock_.sleep(*pause));
    TRY(view, look());
    if (view.missing.empty() && clock_.steady() >= quiet_at()) return report_;
    if (clock_.steady() - start > limits::shared_tag_patience) {
      if (view.ours) return report_;
      return fail(tag_is_contested(repository_, tag_));
    }
    if (view.missing.empty() || report_.writes == 0) continue;
    TRY_OK(clock_.sleep(back_off()));
    TRY(view, look());
  }
}

}  // namespace

Result<SharedTagReport> add_to_tag(remote::Registry& registry, const Env& env,
                                   const oci::Repository& repository, const std::string& tag,
                                   TagDocument& document, const TagEntry& ours,
                                   const SharedTagOptions& options) {
  return TagWriter(registry, env, repository, tag, document, ours, options).run();
}

}  // namespace sigstore::store
