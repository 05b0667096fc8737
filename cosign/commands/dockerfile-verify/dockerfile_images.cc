#include "cosign/commands/dockerfile-verify/dockerfile_images.h"

#include <algorithm>
#include <set>

#include "cosign/commands/dockerfile-verify/dockerfile.h"
#include "cosign/commands/dockerfile-verify/words.h"
#include "sigstore/base/limits.h"
#include "sigstore/oci/reference.h"

namespace cosign {
namespace {

using sigstore::Code;
using sigstore::Error;
using sigstore::fail;
using sigstore::Result;
using Value = std::optional<std::string>;
using Words = std::vector<std::string>;

struct Stage {
  std::string name;  // in small letters; "" when it has none
  Value base;        // the image at its root; nullopt: scratch
};

// "IMAGE AS NAME" in words; `name` is "" where there is none.
struct From {
  std::string image;
  std::string name;
};

std::optional<From> parse_from(const Instruction& instruction, char escape) {
  const auto words = raw_words(instruction.arguments, escape);
  if (!words || (words->size() != 1 && words->size() != 3)) return std::nullopt;
  if (words->size() == 1) return From{(*words)[0], ""};
  if (upper((*words)[1]) != "AS") return std::nullopt;
  return From{(*words)[0], lower((*words)[2])};
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The values of `key` in the fields of a --mount, which are one line of CSV.
Words mount_fields(std::string_view mount, std::string_view key) {
  Words found;
  std::string field;
  bool quoted = false;
  const auto end_field = [&] {
    const auto equals = std::min(field.find('='), field.size());
    if (equals < field.size() && lower(trimmed(field.substr(0, equals))) == key)
      found.push_back(field.substr(equals + 1));
    field.clear();
  };
  for (const char c : mount) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      end_field();
    else
      field += c;
  }
  end_field();
  return found;
}

// What an instruction takes from images or stages, as it stands.
Words sources(const Instruction& instruction) {
  constexpr std::string_view from = "--from=";
  constexpr std::string_view mount = "--mount=";
  Words found;
  for (const std::string& flag : instruction.flags) {
    if (instruction.keyword == "COPY" && flag.starts_with(from)) found.push_back(flag.substr(from.size()));
    if (instruction.keyword == "RUN" && flag.starts_with(mount))
      std::ranges::move(mount_fields(flag.substr(mount.size()), "from"), std::back_inserter(found));
  }
  return found;
}

class Walk {
 public:
  Walk(const Dockerfile& file, const std::string& name, const BuildInputs& inputs)
      : file_(file), name_(name), inputs_(inputs), global_(inputs, nullptr) {}

  Result<DockerfileImages> run() {
    TRY_OK(name_stages());
    for (const Instruction& instruction : file_.instructions) {
      at_ = instruction.line;
      if (auto done = take(instruction); !done) return fail(placed(done.error()));
    }
    if (!file_.syntax.empty())
      found_.notes.push_back("the frontend " + file_.syntax +
                             " of the syntax line is an image too: not verified");
    for (const auto& [name, value] : inputs_.arguments)
      if (!declared_.contains(name) && !is_platform_name(name))
        found_.notes.push_back("--build-arg " + name + " is declared by no ARG: not used");
    if (!stages_.empty()) found_.base = stages_.back().base;
    return std::move(found_);
  }

 private:
  // A COPY may name a stage that comes later.
  Result<void> name_stages() {
    for (const Instruction& instruction : file_.instructions) {
      if (instruction.keyword != "FROM") continue;
      const auto from = parse_from(instruction, file_.escape);
      names_.push_back(from ? from->name : "");
    }
    if (names_.size() <= sigstore::limits::dockerfile_stages) return {};
    return fail(Code::too_large, name_ + " is too large",
                "more than " + std::to_string(sigstore::limits::dockerfile_stages) + " stages");
  }

  Result<void> take(const Instruction& instruction) {
    if (instruction.keyword == "FROM") return from(instruction);
    if (instruction.keyword == "ARG") return arg(instruction);
    if (stages_.empty())
      return fail(Code::malformed, instruction.keyword + " stands before the first FROM", "only ARG may",
                  instruction.keyword == "ENV" ? "ARG does what is meant" : "");
    if (instruction.keyword == "ENV") return env(instruction);
    if (instruction.keyword == "ONBUILD") return onbuild(instruction);
    for (const std::string& source : sources(instruction)) TRY_OK(take_source(source));
    return {};
  }

  Result<void> from(const Instruction& instruction) {
    for (const std::string& flag : instruction.flags)
      if (!flag.starts_with("--platform=")) return fail(Code::malformed, "FROM has no flag " + flag);
    const auto parsed = parse_from(instruction, file_.escape);
    if (!parsed) return fail(Code::malformed, "FROM takes IMAGE, or IMAGE AS NAME");
    TRY(const auto image, expanded(parsed->image, global_));
    TRY(auto base, base_of(image));
    stages_.push_back({parsed->name, std::move(base)});
    stage_.emplace(inputs_, &global_);
    return {};
  }

  // The image at the root of what FROM names: a stage before, scratch, or an image.
  Result<Value> base_of(const std::string& image) {
    const auto is_it = [&](const Stage& stage) { return !stage.name.empty() && stage.name == lower(image); };
    const auto stage = std::find_if(stages_.rbegin(), stages_.rend(), is_it);
    if (stage != stages_.rend()) {
      found_.ignored.push_back("- stage reference ignored: " + image);
      return stage->base;
    }
    if (image == "scratch") {
      found_.ignored.emplace_back("- scratch image ignored");
      return Value();
    }
    TRY_OK(add(image));
    return Value(image);
  }

  Result<void> take_source(const std::string& raw) {
    TRY(const auto source, expanded(raw, *stage_));
    if (is_number(source)) {
      if (source.size() < 6 && std::stoul(source) < names_.size()) return {};
      return fail(Code::malformed, "there is no stage " + source);
    }
    if (source == "scratch" || std::ranges::find(names_, lower(source)) != names_.end()) return {};
    return add(source);
  }

  Result<void> add(const std::string& image) {
    TRY_OK(sigstore::oci::Reference::parse(image));
    if (seen_.insert(image).second) found_.images.push_back(image);
    return {};
  }

  // ARG NAME, ARG NAME=DEFAULT, several of them.
  Result<void> arg(const Instruction& instruction) {
    Names& names = stage_ ? *stage_ : global_;
    TRY(const auto words, words_of(instruction));
    for (const std::string& word : words) {
      const auto equals = word.find('=');
      const std::string key = word.substr(0, equals);
      declared_.insert(key);
      if (equals == std::string::npos)
        names.declare(key, Value());
      else
        TRY_OK(declare(names, key, word.substr(equals + 1)));
    }
    return {};
  }

  Result<void> declare(Names& names, const std::string& key, const std::string& raw) {
    TRY(const auto value, known(raw, names));
    names.declare(key, value ? Result<Value>(Value(*value)) : std::unexpected(value.error()));
    return {};
  }

  // ENV NAME=VALUE, several of them; ENV NAME VALUE.
  Result<void> env(const Instruction& instruction) {
    TRY(const auto words, words_of(instruction));
    if (words.empty()) return fail(Code::malformed, "ENV names nothing");
    std::vector<std::pair<std::string, Result<std::string>>> values;  // each sees what was before all of them
    if (!words.front().contains('=')) {
      const auto rest = std::string_view(instruction.arguments).substr(words.front().size());
      TRY(auto value, known(trimmed(rest), *stage_));
      values.emplace_back(words.front(), std::move(value));
    } else {
      for (const std::string& word : words) {
        const auto equals = std::min(word.find('='), word.size() - 1);
        TRY(auto value, known(std::string_view(word).substr(equals + 1), *stage_));
        values.emplace_back(word.substr(0, equals), std::move(value));
      }
    }
    for (const auto& [key, value] : values) stage_->set(key, value);
    return {};
  }

  // What it says is done in builds of other files, among their stages.
  Result<void> onbuild(const Instruction& instruction) {
    const auto inner = parse_instruction(instruction.arguments, instruction.line);
    for (const std::string& source : sources(inner))
      found_.notes.push_back(line_of(name_, instruction.line) + ": " + source +
                             " is for builds on top of this one (ONBUILD): not verified");
    return {};
  }

  Result<Words> words_of(const Instruction& instruction) const {
    auto words = raw_words(instruction.arguments, file_.escape);
    if (!words) return fail(Code::malformed, "a quote or ${ is not closed");
    return std::move(*words);
  }

  Result<std::string> expanded(std::string_view raw, const Scope& scope) {
    return expand(raw, file_.escape, scope, work_);
  }

  // A value that may never be asked for: one that cannot be known is an error for whoever asks (the PATH of
  // the base image, say). The outer error is one for all.
  Result<Result<std::string>> known(std::string_view raw, const Scope& scope) {
    auto value = expanded(raw, scope);
    if (!value && value.error().code != Code::not_found) return fail(value.error());
    return value;
  }

  [[nodiscard]] Error placed(Error error) const {
    error.message = line_of(name_, at_) + ": " + error.message;
    return error;
  }

  const Dockerfile& file_;
  const std::string& name_;
  const BuildInputs& inputs_;
  Names global_;
  std::optional<Names> stage_;
  std::vector<Stage> stages_;
  Words names_;  // of all stages
  std::set<std::string> declared_;
  std::size_t at_ = 0;
  Work work_;
  DockerfileImages found_;
  std::set<std::string> seen_;
};

}  // namespace

Result<DockerfileImages> images_of_dockerfile(std::string_view text, const std::string& name,
                                              const BuildInputs& inputs) {
  TRY(const auto file, parse_dockerfile(text, name));
  return Walk(file, name, inputs).run();
}

}  // namespace cosign
