// The wall around libyaml: its event parser feeds the builder, and nothing else of it is used.
#include "sigstore/codec/yaml/yaml.h"

#include <yaml.h>

#include <memory>

#include "sigstore/codec/yaml/internal/builder.h"

namespace sigstore::codec::yaml {
namespace {

constexpr std::size_t most_tag_directives = 256;

struct Event {
  yaml_event_t raw{};
  Event() = default;
  Event(const Event&) = delete;
  ~Event() { yaml_event_delete(&raw); }
};

std::string text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

class Reader {
 public:
  Reader(std::string_view text, std::string_view what, const ParseOptions& options)
      : what_(what), options_(options), builder_(options) {
    ready_ = yaml_parser_initialize(&parser_) != 0;
    if (!ready_) return;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (text.empty()) text = "\n";  // libyaml wants some input
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  Reader(const Reader&) = delete;
  ~Reader() {
    if (ready_) yaml_parser_delete(&parser_);
  }

  Result<std::vector<Document>> read() {
    if (!ready_) return fail(Code::internal, "no memory to read " + what_);
    for (bool more = true; more;) {
      Event event;
      if (yaml_parser_parse(&parser_, &event.raw) == 0) return refuse_text();
      auto taken = take(event.raw);
      if (!taken) return refuse(taken.error(), event.raw.start_mark);
      more = event.raw.type != YAML_STREAM_END_EVENT;
    }
    return std::move(documents_);
  }

 private:
  Result<void> take(const yaml_event_t& event) {
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        return begin(event);
      case YAML_DOCUMENT_END_EVENT:
        documents_.back().value = builder_.end_document();
        return {};
      case YAML_ALIAS_EVENT:
        return builder_.alias(text_of(event.data.alias.anchor));
      case YAML_SCALAR_EVENT:
        return builder_.scalar(scalar(event));
      case YAML_MAPPING_START_EVENT:
        return builder_.open_map(
            {text_of(event.data.mapping_start.anchor), text_of(event.data.mapping_start.tag), {}, false});
      case YAML_SEQUENCE_START_EVENT:
        return builder_.open_list(
            {text_of(event.data.sequence_start.anchor), text_of(event.data.sequence_start.tag), {}, false});
      case YAML_MAPPING_END_EVENT:
      case YAML_SEQUENCE_END_EVENT:
        return builder_.close();
      case YAML_NO_EVENT:
      case YAML_STREAM_START_EVENT:
      case YAML_STREAM_END_EVENT:
        return {};
    }
    return {};
  }

  Result<void> begin(const yaml_event_t& event) {
    if (documents_.size() >= options_.max_documents)
      return fail(Code::too_large, "more than " + std::to_string(options_.max_documents) + " documents");
    documents_.push_back({nullptr, event.start_mark.line + 1});
    builder_.begin_document();
    return {};
  }

  static Node scalar(const yaml_event_t& event) {
    const auto& from = event.data.scalar;
    return {text_of(from.anchor), text_of(from.tag),
            std::string(reinterpret_cast<const char*>(from.value), from.length),
            from.style == YAML_PLAIN_SCALAR_STYLE};
  }

  [[nodiscard]] std::unexpected<Error> refuse(const Error& error, const yaml_mark_t& mark) const {
    return fail(error.code, what_ + (error.code == Code::too_large ? " is too large" : " is not valid YAML"),
                place(mark) + error.message);
  }

  [[nodiscard]] std::unexpected<Error> refuse_text() const {
    if (parser_.error == YAML_MEMORY_ERROR) return fail(Code::internal, "no memory to read " + what_);
    const std::string problem = parser_.problem == nullptr ? "it ends too early" : parser_.problem;
    if (parser_.error != YAML_READER_ERROR)
      return refuse({Code::malformed, problem, {}, {}}, parser_.problem_mark);
    return fail(Code::malformed, what_ + " is not valid YAML",
                "byte " + std::to_string(parser_.problem_offset) + ": " + problem);
  }

  static std::string place(const yaml_mark_t& mark) {
    return "line " + std::to_string(mark.line + 1) + ", column " + std::to_string(mark.column + 1) + ": ";
  }

  std::string what_;
  ParseOptions options_;
  Builder builder_;
  std::vector<Document> documents_;
  yaml_parser_t parser_{};
  bool ready_ = false;
};

// libyaml compares each of them with all before it: their number is bounded before it sees them.
bool has_too_many_tag_directives(std::string_view text) {
  constexpr std::string_view directive = "%TAG";
  constexpr std::string_view line_ends = "\n\r\x85\xA8\xA9";  // the last bytes of all that YAML 1.1 knows
  std::size_t count = 0;
  for (auto at = text.find(directive); at != std::string_view::npos; at = text.find(directive, at + 1))
    if ((at == 0 || line_ends.contains(text[at - 1])) && ++count > most_tag_directives) return true;
  return false;
}

}  // namespace

Result<std::vector<Document>> parse(std::string_view text, std::string_view what,
                                    const ParseOptions& options) {
  if (text.size() > options.max_bytes)
    return fail(Code::too_large, std::string(what) + " is too large",
                std::to_string(text.size()) + " bytes of YAML; at most " + std::to_string(options.max_bytes) +
                    " are read");
  if (has_too_many_tag_directives(text))
    return fail(Code::too_large, std::string(what) + " is too large",
                "more than " + std::to_string(most_tag_directives) + " lines begin with %TAG");
  return Reader(text, what, options).read();
}

}  // namespace sigstore::codec::yaml
