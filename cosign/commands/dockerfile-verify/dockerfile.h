// A Dockerfile as a list of instructions: continued lines joined, comments and here-documents taken out,
// nothing expanded. The grammar is that of BuildKit (moby/buildkit, frontend/dockerfile/parser).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sigstore/base/result.h"

namespace cosign {

struct Instruction {
  std::size_t line = 0;            // where it begins, from 1
  std::string keyword;             // "FROM", in capitals
  std::vector<std::string> flags;  // "--platform=linux/amd64", without quotes
  std::string arguments;           // the rest, as it stands
};

struct Dockerfile {
  char escape = '\\';  // or '`', as the directive escape= says
  std::string syntax;  // the image of the frontend that the directive syntax= names; "" for none
  std::vector<Instruction> instructions;
};

// `name` is the file's, for messages. Code::malformed, with the line, for an instruction that Docker does not
// have, a directive that stands twice, or a here-document that does not end; Code::too_large above
// limits::dockerfile_bytes.
sigstore::Result<Dockerfile> parse_dockerfile(std::string_view text, const std::string& name);

// The instruction in the arguments of an ONBUILD, at its line; `keyword` is "" where there is none.
Instruction parse_instruction(std::string_view line, std::size_t number);

// "Dockerfile:12", for messages.
std::string line_of(const std::string& name, std::size_t line);

}  // namespace cosign
