#include "sigstore/store/tag_reader.h"

#include "sigstore/store/tag_access.h"

namespace sigstore::store {
namespace {

using namespace std::chrono_literals;

constexpr int failed_reads = 4;  // asked again this often; the client below repeats by itself as well
constexpr Duration first_pause = 200ms;
constexpr Duration longest_pause = 1500ms;

}  // namespace

bool may_pass(Code code) {
  return code == Code::unavailable || code == Code::timeout || code == Code::unreachable;
}

Result<TagReading> TagReader::hidden(const Error& refusal, std::chrono::steady_clock::time_point asked) {
  TRY(const bool listed, tag_is_listed(registry_, repository_, tag_, refusal));
  if (listed) return fail(cannot_read_tag(repository_, tag_, refusal));
  if (notes_.empty())
    notes_.push_back("the registry does not say whether the tag " + tag_ +
                     " exists; its list of tags does not name it, so it is taken as absent");
  return TagReading{std::nullopt, asked};
}

Result<TagReading> TagReader::read() {
  bool absent = false;
  int failures = 0;
  while (true) {
    const auto asked = clock_.steady();
    auto content =
        any_document_ ? registry_.document(repository_, tag_) : registry_.manifest(repository_, tag_);
    if (content) return TagReading{std::move(*content), asked};
    const Error& error = content.error();
    if (error.code == Code::not_found) {
      if (absent) return TagReading{std::nullopt, asked};
      absent = true;
    } else if (error.code == Code::unauthorized || error.code == Code::forbidden) {
      return hidden(error, asked);
    } else if (may_pass(error.code) && ++failures <= failed_reads) {
      absent = false;
      TRY_OK(clock_.sleep(pause_.growing(first_pause, failures, longest_pause)));
    } else {
      return fail(error.wrap("cannot read the tag " + tag_ + " of " + repository_.text()));
    }
  }
}

}  // namespace sigstore::store
