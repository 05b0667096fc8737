#include "sigstore/store/shared_tag.h"

#include <algorithm>
#include <chrono>

#include "sigstore/store/own_tags.h"
#include "sigstore/store/settling.h"
#include "sigstore/store/tag_access.h"
#include "sigstore/store/tag_history.h"
#include "sigstore/store/tag_reader.h"

namespace sigstore::store {
namespace {

using namespace std::chrono_literals;

constexpr Duration stale = 50ms;  // an older read is repeated before writing
constexpr int rereads = 3;
constexpr int failed_writes = 4;
constexpr int baffling_conflicts = 3;  // "412" although the tag stands as it was

// Whether the same write may be taken the next time.
bool write_may_help(const Error& error) {
  return may_pass(error.code) || says_blob_unknown(error);
}

// Of what was written, and not for a moment.
bool is_refusal(const Error& error) {
  return error.code == Code::unsupported && !says_blob_unknown(error);
}

struct View {
  TagReading tag;
  TagComparison shows;
  bool holds_what_goes = false;

  [[nodiscard]] bool right() const { return shows.missing.empty() && !holds_what_goes; }
  [[nodiscard]] bool same_content(const View& other) const {
    if (tag.content.has_value() != other.tag.content.has_value()) return false;
    return !tag.content || tag.content->descriptor.digest == other.tag.content->descriptor.digest;
  }
};

class TagWriter {
 public:
  TagWriter(remote::Registry& registry, const Env& env, const oci::Repository& repository,
            const std::string& tag, TagDocument& document, const std::vector<TagEntry>& ours,
            const SharedTagOptions& options, bool takes_off)
      : registry_(registry),
        clock_(*env.clock),
        repository_(repository),
        tag_(tag),
        document_(document),
        ours_(ours),
        options_(options),
        takes_off_(takes_off),
        reader_(registry, env, repository, tag, options.any_document),
        own_tags_(registry, repository, tag, options.own_tags_at_once),
        history_(ours),
        settling_(env, own_tags()) {}

  Result<SharedTagReport> run();

 private:
  enum class Written { proven, unproven, failed };

  [[nodiscard]] bool own_tags() const { return options_.own_tags && !takes_off_; }
  Result<void> publish();
  Result<void> publish(const TagEntry& entry);
  Result<View> look();
  Result<std::optional<Draft>> fresh_draft(View& view);
  Result<Written> write(View& view);
  Result<Written> refused(const View& view, Error error);
  Result<Written> condition_failed(const View& view, const Error& error);
  [[nodiscard]] remote::Precondition condition(const View& view) const;
  Result<Duration> act(View& view);
  [[nodiscard]] bool stands(const View& view) const;
  Result<SharedTagReport> report();

  remote::Registry& registry_;
  Clock& clock_;
  const oci::Repository& repository_;
  const std::string& tag_;
  TagDocument& document_;
  const std::vector<TagEntry>& ours_;
  const SharedTagOptions& options_;
  const bool takes_off_;
  TagReader reader_;
  OwnTags own_tags_;
  TagHistory history_;
  Settling settling_;

  SharedTagReport report_;
  bool betrayed_ = false;  // an entry vanished although a condition was said to hold
  int failed_writes_ = 0;
  int baffling_ = 0;
  bool unconditional_ = false;      // conditions fail here whatever they say
  std::optional<View> conflicted_;  // what the last write that met a 412 was based on
};

Result<View> TagWriter::look() {
  View view;
  if (own_tags()) {
    TRY(const auto gathered, own_tags_.gather(document_));
    for (const TagEntry& entry : gathered) history_.remember(entry);
  }
  TRY(view.tag, reader_.read());
  std::vector<TagEntry> standing;
  if (view.tag.content) {
    TRY(standing, document_.entries(*view.tag.content));
  }
  if (takes_off_ && view.tag.content) {
    TRY(view.holds_what_goes, document_.holds_what_goes(*view.tag.content));
  }
  view.shows = history_.compare(standing);
  if (view.shows.news || view.shows.lost) settling_.disturbed(clock_.steady(), view.shows.lost);
  betrayed_ = betrayed_ || (report_.proven && view.shows.lost);
  return view;
}

// A draft whose read is recent, so that little can come in between. nullopt: nothing is missing any more.
Result<std::optional<Draft>> TagWriter::fresh_draft(View& view) {
  for (int again = 0;; ++again) {
    if (view.right()) return std::nullopt;
    TRY(auto draft, document_.append(view.tag.content ? &*view.tag.content : nullptr, view.shows.missing));
    if (again == rereads || clock_.steady() - view.tag.asked <= stale) return draft;
    TRY(View now, look());
    const bool same = now.same_content(view) && now.shows.missing.size() == view.shows.missing.size();
    view = std::move(now);
    if (same) return draft;
  }
}

remote::Precondition TagWriter::condition(const View& view) const {
  using Kind = remote::Precondition::Kind;
  if (unconditional_) return {};
  if (!view.tag.content) return {Kind::absent, {}};
  const std::string& etag = view.tag.content->etag;
  const bool strong =
      !etag.empty() && !etag.starts_with("W/");  // a weak one never matches (RFC 9110, 13.1.1)
  return strong ? remote::Precondition{Kind::unchanged, etag} : remote::Precondition{};
}

Result<TagWriter::Written> TagWriter::write(View& view) {
  TRY(const auto draft, fresh_draft(view));
  if (!draft) return Written::unproven;
  const remote::Precondition held = condition(view);
  auto put = registry_.push_manifest(repository_, tag_, draft->media_type, draft->bytes, held);
  settling_.wrote(view.tag.asked, clock_.steady());
  if (!put) return refused(view, std::move(put).error());
  ++report_.writes;
  failed_writes_ = 0;
  history_.wrote(view.shows.missing);
  const bool proven =
      held.kind != remote::Precondition::Kind::none && registry_.honours_preconditions(repository_);
  return proven && !betrayed_ ? Written::proven : Written::unproven;
}

// A write that did not succeed, or whose answer is not known: look again, unless that cannot help.
Result<TagWriter::Written> TagWriter::refused(const View& view, Error error) {
  if (error.code == Code::cancelled) return fail(std::move(error));
  if (says_immutable(error, view.tag.content.has_value()))
    return fail(tag_is_immutable(repository_, tag_, error, options_.immutable_hint));
  if (error.code == Code::unauthorized || error.code == Code::forbidden)
    return fail(cannot_write_tag(repository_, tag_, error));
  if (error.code == Code::conflict) return condition_failed(view, error);
  if (write_may_help(error) && ++failed_writes_ <= failed_writes) return Written::failed;
  if (is_refusal(error) && view.tag.content && !says_invalid(error))
    return fail(tag_may_be_locked(repository_, tag_, error, options_.immutable_hint));
  if (is_refusal(error))
    return fail(form_is_refused(repository_, options_.refused_form, error, options_.refused_hint));
  return fail(error.wrap("cannot write the tag " + tag_ + " of " + repository_.text()));
}

// Normal where others write too; not when the tag has not changed since. Then the registry answers 412 to all
// conditions, or to all changes.
Result<TagWriter::Written> TagWriter::condition_failed(const View& view, const Error& error) {
  baffling_ = conflicted_ && conflicted_->same_content(view) ? baffling_ + 1 : 1;
  conflicted_ = view;
  if (baffling_ < baffling_conflicts) return Written::failed;
  if (unconditional_) return fail(tag_is_immutable(repository_, tag_, error, options_.immutable_hint));
  unconditional_ = true;
  baffling_ = 0;
  return Written::failed;
}

// What there is to do about a view, and how long to wait before the next one.
Result<Duration> TagWriter::act(View& view) {
  if (view.right()) return settling_.until_quiet(clock_.steady());
  TRY(const Written written, write(view));
  report_.proven = written == Written::proven;
  if (report_.proven) return Duration{};
  return written == Written::failed ? settling_.back_off() : settling_.after_write();
}

// Whether the look shows that all is there for good.
bool TagWriter::stands(const View& view) const {
  return view.right() && (report_.proven || clock_.steady() >= settling_.quiet_at());
}

Result<void> TagWriter::publish() {
  for (const TagEntry& entry : ours_) TRY_OK(publish(entry));
  return {};
}

// Nobody else writes this tag, so that it may be written again.
Result<void> TagWriter::publish(const TagEntry& entry) {
  for (int failures = 1;; ++failures) {
    auto published = own_tags_.publish(document_, entry);
    if (published) return {};
    const Error& error = published.error();
    if (is_refusal(error))
      return fail(form_is_refused(repository_, options_.refused_form, error, options_.refused_hint));
    if (!write_may_help(error) || failures > failed_writes) return published;
    TRY_OK(clock_.sleep(settling_.back_off()));
  }
}

Result<SharedTagReport> TagWriter::report() {
  std::ranges::copy(reader_.notes(), std::back_inserter(report_.notes));
  std::ranges::copy(own_tags_.notes(), std::back_inserter(report_.notes));
  return std::move(report_);
}

Result<SharedTagReport> TagWriter::run() {
  const auto start = clock_.steady();
  if (own_tags()) TRY_OK(publish());
  TRY(View view, look());
  if (view.right()) return report();
  while (true) {
    TRY(const auto pause, act(view));
    TRY_OK(clock_.sleep(pause));
    TRY(view, look());
    if (stands(view)) return report();
    if (clock_.steady() - start > limits::shared_tag_patience) {
      if (view.shows.ours && !view.holds_what_goes) return report();
      return fail(tag_is_contested(repository_, tag_));
    }
    if (view.right() || report_.writes == 0) continue;
    TRY_OK(clock_.sleep(settling_.back_off()));
    TRY(view, look());
  }
}

}  // namespace

Result<SharedTagReport> add_to_tag(remote::Registry& registry, const Env& env,
                                   const oci::Repository& repository, const std::string& tag,
                                   TagDocument& document, const std::vector<TagEntry>& ours,
                                   const SharedTagOptions& options) {
  return TagWriter(registry, env, repository, tag, document, ours, options, false).run();
}

Result<SharedTagReport> take_off_tag(remote::Registry& registry, const Env& env,
                                     const oci::Repository& repository, const std::string& tag,
                                     TagDocument& document, const SharedTagOptions& options) {
  return TagWriter(registry, env, repository, tag, document, {}, options, true).run();
}

Result<bool> TagDocument::holds_what_goes(const remote::ManifestContent&) const {
  return false;
}

}  // namespace sigstore::store
