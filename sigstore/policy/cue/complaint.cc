#include "sigstore/policy/cue/internal/complaint.h"

#include <algorithm>
#include <charconv>

#include "sigstore/base/limits.h"
#include "sigstore/codec/printable.h"

namespace sigstore::policy::cue {
namespace {

constexpr std::size_t longest_message = 1024;

// The line number behind `copy` + ":" in a place such as "../tmp/x/0.cue:3:16"; 0: it is another file.
std::size_t line_in(std::string_view place, const std::string& copy) {
  const auto found = place.rfind(copy + ":");
  if (found == std::string_view::npos) return 0;
  place.remove_prefix(found + copy.size() + 1);
  std::size_t line = 0;
  std::from_chars(place.data(), place.data() + place.size(), line);
  return line;
}

void locate(Violation& violation, std::string_view place, const std::vector<std::string>& copies,
            const std::vector<std::string>& files) {
  for (std::size_t i = 0; i < copies.size() && violation.line == 0; ++i) {
    violation.line = line_in(place, copies[i]);
    if (violation.line > 0) violation.file = files[i];
  }
}

std::string sentence(std::string_view line) {
  while (line.ends_with(':') || line.ends_with(' ') || line.ends_with('\r')) line.remove_suffix(1);
  return codec::printable(line.substr(0, longest_message));
}

}  // namespace

std::vector<Violation> read_complaints(std::string_view text, const std::vector<std::string>& copies,
                                       const std::vector<std::string>& files) {
  std::vector<Violation> all;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty()) continue;
    if (line[0] != ' ' && line[0] != '\t') {
      if (all.size() == limits::policy_messages) break;
      all.push_back({"", 0, sentence(line)});
    } else if (!all.empty()) {
      locate(all.back(), line, copies, files);
    }
  }
  return all;
}

}  // namespace sigstore::policy::cue
