// The here-documents that a line of a Dockerfile begins: `RUN <<EOF`, `COPY <<-"EOF" /file`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cosign/commands/dockerfile-verify/dockerfile.h"

namespace cosign {

struct Heredoc {
  std::string name;          // the line that ends it
  bool strips_tabs = false;  // <<-: tabs in front of that line do not count
  // `<< NAME`: newer versions of Docker take it for one, older ones do not. Without the line that ends it, it
  // is none.
  bool only_if_it_ends = false;
};

// In the order they are read. Only RUN, COPY and ADD, also in an ONBUILD, have any, and not in the form of a
// JSON list. `line` is the whole line of `instruction`.
std::vector<Heredoc> heredocs(const Instruction& instruction, std::string_view line);

}  // namespace cosign
