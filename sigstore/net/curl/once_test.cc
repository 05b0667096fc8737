// Request::once: what a server may have carried out is not sent to it again.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <thread>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/net/curl/curl_transport.h"

namespace sigstore::net {
namespace {

// Answers the first request of every connection, and closes upon the second without a word.
class ForgetfulServer {
 public:
  ForgetfulServer() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(fd_, reinterpret_cast<const sockaddr*>(&address), size);
    listen(fd_, 8);
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~ForgetfulServer() {
    shutdown(fd_, SHUT_RDWR);
    thread_.join();
    close(fd_);
  }
  ForgetfulServer(const ForgetfulServer&) = delete;

  [[nodiscard]] Request request(const std::string& method, std::string body) const {
    Request made;
    made.method = method;
    made.url = Url::parse("http://127.0.0.1:" + std::to_string(port_) + "/").value();
    made.body = std::move(body);
    return made;
  }
  [[nodiscard]] std::vector<std::string> heard() {
    const std::scoped_lock lock(mutex_);
    return heard_;
  }

 private:
  void serve() {
    for (int client = 0; (client = accept(fd_, nullptr, nullptr)) >= 0; close(client)) {
      hear(client);
      const std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
      static_cast<void>(!send(client, answer.data(), answer.size(), MSG_NOSIGNAL));
      hear(client);
    }
  }
  // One request whose body is "body" or nothing.
  void hear(int client) {
    std::string text;
    char chunk[4096];
    for (ssize_t got = 1; got > 0 && !complete(text);) {
      got = recv(client, chunk, sizeof chunk, 0);
      if (got > 0) text.append(chunk, static_cast<std::size_t>(got));
    }
    const std::scoped_lock lock(mutex_);
    if (!text.empty())
      heard_.push_back(text.substr(0, text.find(' ')) + text.substr(text.find("\r\n\r\n") + 4));
  }
  static bool complete(std::string_view text) {
    const bool with_body = text.find("Content-Length: 4") != text.npos;
    return with_body ? text.ends_with("body") : text.ends_with("\r\n\r\n");
  }

  int fd_;
  std::uint16_t port_ = 0;
  std::thread thread_;
  std::mutex mutex_;
  std::vector<std::string> heard_;
};

struct Once : ::testing::Test {
  fakes::FakeEnv fake;
  ForgetfulServer server;
  std::unique_ptr<Transport> transport = make_curl_transport(fake.env(), {});
};

TEST_F(Once, a_request_that_may_have_been_carried_out_is_not_repeated) {
  ASSERT_TRUE(transport->send(server.request("GET", "")));
  Request put = server.request("PUT", "body");
  put.once = true;
  const auto answer = transport->send(put);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unavailable);
  EXPECT_EQ(server.heard(), (std::vector<std::string>{"GET", "PUTbody"}));
}

TEST_F(Once, any_other_request_is_repeated_on_a_new_connection) {
  ASSERT_TRUE(transport->send(server.request("GET", "")));
  ASSERT_TRUE(transport->send(server.request("PUT", "body")));
  EXPECT_EQ(server.heard(), (std::vector<std::string>{"GET", "PUTbody", "PUTbody"}));
}

TEST_F(Once, it_is_sent_whole) {
  Request put = server.request("PUT", "body");
  put.once = true;
  const auto answer = transport->send(put);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(answer->body, "ok");
  EXPECT_EQ(server.heard(), (std::vector<std::string>{"PUTbody"}));
}

}  // namespace
}  // namespace sigstore::net
