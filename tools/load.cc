// Loads a registry over plain HTTP for a bounded time, and prints what came of it.
//
//   load HOST:PORT CLIENTS SECONDS push REPOSITORY    small images: a layer and a config of their own, a tag
//   load HOST:PORT CLIENTS SECONDS blob REPOSITORY BYTES   blobs of this size
//   load HOST:PORT CLIENTS SECONDS METHOD PATH        one request again and again: HEAD
//   /v2/a/manifests/latest
//
// Each client is a thread with one kept connection. One JSON line:
// {"per_second":123.4,"p50_ms":1.2,"p99_ms":3.4, "done":1234,"failed":0,"bytes":56789}. Addresses of the
// loopback alone. Links with -lcrypto.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/sha.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

std::string sha256(std::string_view data) {
  unsigned char sum[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(data.data()), data.size(), sum);
  std::string text = "sha256:";
  char pair[3];
  for (const unsigned char byte : sum) {
    std::snprintf(pair, sizeof pair, "%02x", byte);
    text += pair;
  }
  return text;
}

struct Answer {
  int status = 0;  // 0: the connection broke
  std::string headers;

  std::string header(std::string_view name) const {
    std::string lower = headers;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    const auto at = lower.find("\r\n" + std::string(name) + ": ");
    if (at == lower.npos) return "";
    const auto from = at + name.size() + 4;
    return headers.substr(from, headers.find("\r\n", from) - from);
  }
};

class Client {
 public:
  explicit Client(const std::string& host) : host_(host) {
    const auto colon = host.rfind(':');
    address_.sin_family = AF_INET;
    address_.sin_port = htons(static_cast<std::uint16_t>(std::atoi(host.c_str() + colon + 1)));
    inet_pton(AF_INET, host.substr(0, colon).c_str(), &address_.sin_addr);
  }
  ~Client() { close(fd_); }
  Client(const Client&) = delete;

  Answer ask(const std::string& method, const std::string& path, std::string_view body = {},
             const std::string& more = "") {
    if (fd_ < 0 && !connect()) return {};
    const std::string head = method + " " + path + " HTTP/1.1\r\nHost: " + host_ + "\r\n" + more +
                             "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    Answer answer;
    if (!say(head) || !say(body) || !hear(answer, method == "HEAD")) {
      close(std::exchange(fd_, -1));
      return {};
    }
    if (answer.header("connection") == "close") close(std::exchange(fd_, -1));
    return answer;
  }

 private:
  bool connect() {
    heard_.clear();
    fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience{30, 0};
    const int on = 1;
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return ::connect(fd_, reinterpret_cast<const sockaddr*>(&address_), sizeof address_) == 0;
  }
  bool say(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t sent = send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  bool hear_more() {
    char chunk[65536];
    const ssize_t got = recv(fd_, chunk, sizeof chunk, 0);
    if (got > 0) heard_.append(chunk, static_cast<std::size_t>(got));
    return got > 0;
  }
  bool hear(Answer& answer, bool head) {
    std::size_t end;
    while ((end = heard_.find("\r\n\r\n")) == heard_.npos)
      if (!hear_more()) return false;
    answer.headers = heard_.substr(0, end + 2);
    heard_.erase(0, end + 4);
    answer.status = std::atoi(answer.headers.c_str() + std::strlen("HTTP/1.1 "));
    std::size_t left = head ? 0 : std::strtoull(answer.header("content-length").c_str(), nullptr, 10);
    while (heard_.size() < left)
      if (!hear_more()) return false;
    heard_.erase(0, left);
    return true;
  }

  const std::string host_;
  sockaddr_in address_{};
  int fd_ = -1;
  std::string heard_;
};

// What one client does again and again.
class Work {
 public:
  Work(const std::vector<std::string>& words, int number)
      : client_(words[0]), words_(words), number_(number) {}

  bool once() {
    const std::string seed = std::to_string(number_) + "." + std::to_string(count_++);
    if (words_[3] == "push") return push_image(seed);
    if (words_[3] == "blob")
      return push_blob(content(seed, std::strtoull(words_[5].c_str(), nullptr, 10))).size() > 0;
    const int status = client_.ask(words_[3], words_[4], {}, accept).status;
    return status >= 200 && status < 300;
  }
  std::uint64_t bytes() const { return bytes_; }

 private:
  static constexpr const char* accept = "Accept: application/vnd.oci.image.manifest.v1+json\r\n";

  // Of each process another one, so that a second run does not find the first one's blobs.
  static std::string content(const std::string& seed, std::size_t size) {
    std::string text = std::to_string(getpid()) + "." + seed;
    text.resize(size, '.');
    return text;
  }
  // Its digest; empty when it was not taken.
  std::string push_blob(const std::string& data) {
    const auto begun = client_.ask("POST", "/v2/" + words_[4] + "/blobs/uploads/");
    std::string place = begun.header("location");
    if (begun.status != 202 || place.empty()) return "";
    if (place.starts_with("http://")) place.erase(0, place.find('/', 7));
    const std::string digest = sha256(data);
    place += (place.find('?') == place.npos ? "?" : "&") + ("digest=" + digest);
    bytes_ += data.size();
    return client_.ask("PUT", place, data, "Content-Type: application/octet-stream\r\n").status == 201
               ? digest
               : "";
  }
  static std::string descriptor(const char* type, const std::string& digest, std::size_t size) {
    return std::string("{\"mediaType\":\"application/vnd.oci.image.") + type + "\",\"digest\":\"" + digest +
           "\",\"size\":" + std::to_string(size) + "}";
  }
  bool push_image(const std::string& seed) {
    const std::string layer = content(seed, 4096),
                      config = "{\"os\":\"linux\",\"note\":\"" + content(seed, 200) + "\"}";
    const std::string layer_digest = push_blob(layer), config_digest = push_blob(config);
    const std::string manifest =
        R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":)" +
        descriptor("config.v1+json", config_digest, config.size()) + ",\"layers\":[" +
        descriptor("layer.v1.tar", layer_digest, layer.size()) + "]}";
    return !layer_digest.empty() && !config_digest.empty() &&
           client_.ask("PUT", "/v2/" + words_[4] + "/manifests/t" + seed, manifest,
                       "Content-Type: application/vnd.oci.image.manifest.v1+json\r\n")
                   .status == 201;
  }

  Client client_;
  const std::vector<std::string>& words_;
  const int number_;
  std::uint64_t count_ = 0, bytes_ = 0;
};

struct Result {
  std::vector<double> milliseconds;
  std::uint64_t failed = 0, bytes = 0;
};

Result run(const std::vector<std::string>& words, int number, Clock::time_point end) {
  Work work(words, number);
  Result result;
  while (Clock::now() < end && result.failed < 100) {
    const auto start = Clock::now();
    if (!work.once()) ++result.failed;
    result.milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  result.bytes = work.bytes();
  return result;
}

double quantile(const std::vector<double>& sorted, double part) {
  return sorted.empty() ? 0 : sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const int clients = argc > 2 ? std::atoi(argv[2]) : 0;
  const double seconds = argc > 3 ? std::atof(argv[3]) : 0;
  const bool sized = argc > 4 && words[3] == "blob";
  if (argc != (sized ? 7 : 6) || !words[0].starts_with("127.") || clients < 1 || clients > 256 ||
      seconds <= 0 || seconds > 60) {
    std::fprintf(stderr,
                 "usage: load 127.0.0.1:PORT CLIENTS SECONDS push REPO | blob REPO BYTES | METHOD PATH\n");
    return 2;
  }
  const auto start = Clock::now(),
             end =
                 start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  std::vector<Result> results(static_cast<std::size_t>(clients));
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < clients; ++i)
      threads.emplace_back([&, i] { results[static_cast<std::size_t>(i)] = run(words, i, end); });
  }
  const double took = std::chrono::duration<double>(Clock::now() - start).count();
  Result all;
  for (const Result& one : results) {
    all.milliseconds.insert(all.milliseconds.end(), one.milliseconds.begin(), one.milliseconds.end());
    all.failed += one.failed;
    all.bytes += one.bytes;
  }
  std::sort(all.milliseconds.begin(), all.milliseconds.end());
  const auto done = static_cast<double>(all.milliseconds.size() - all.failed);
  std::printf(
      "{\"per_second\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"done\":%.0f,\"failed\":%llu,\"bytes\":%llu}\n",
      done / took, quantile(all.milliseconds, 0.5), quantile(all.milliseconds, 0.99), done,
      static_cast<unsigned long long>(all.failed), static_cast<unsigned long long>(all.bytes));
  return 0;
}
