// Figures in Prometheus' text format, version 0.0.4.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace server::host {

class Exposition {
 public:
  static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";
  using Labels = std::vector<std::pair<std::string_view, std::string_view>>;

  // Begins a metric; its samples follow. `type`: counter, gauge, histogram. The name is one that may be.
  void family(std::string_view name, std::string_view type, std::string_view help);
  // Of the metric that was begun last; `suffix` as "_bucket". Values of labels are escaped.
  void sample(const Labels& labels, double value, std::string_view suffix = "");
  void sample(const Labels& labels, std::uint64_t value, std::string_view suffix = "");

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void line(const Labels& labels, std::string_view value, std::string_view suffix);
  std::string name_, text_;
};

// As this format writes a number: a short form that reads back the same; "+Inf", "-Inf", "NaN".
std::string exposition_number(double value);

}  // namespace server::host
