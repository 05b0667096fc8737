#include "sigstore/net/address.h"

#include <gtest/gtest.h>

namespace sigstore::net {
namespace {

std::string printed(std::string_view text) {
  const auto address = parse_address(text);
  return address ? print_address(*address) : "";
}

bool in(std::string_view address, std::string_view network, int prefix) {
  return in_network(parse_address(address).value(), parse_address(network).value(), prefix);
}

TEST(Address, ParsesPlainForms) {
  EXPECT_EQ(printed("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(printed("::1"), "::1");
  EXPECT_EQ(printed("2001:DB8:0:0:0:0:0:1"), "2001:db8::1");
  EXPECT_EQ(printed("::ffff:10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(parse_address("::ffff:10.0.0.1"), parse_address("10.0.0.1"));
}

TEST(Address, AnythingElseIsNone) {
  for (const char* text : {"", "localhost", "127.1", "0x7f.0.0.1", "256.0.0.1", "1.2.3.4.5", "[::1]",
                           "::1%lo", ":::", "1.2.3.4 ", "::1/128"})
    EXPECT_FALSE(parse_address(text)) << text;
  EXPECT_FALSE(parse_address(std::string(100, '1')));
  EXPECT_FALSE(parse_address(std::string_view("1.2.3.4\0", 8)));
}

TEST(Address, KnowsIpv4) {
  EXPECT_TRUE(is_ipv4(parse_address("1.2.3.4").value()));
  EXPECT_TRUE(is_ipv4(parse_address("::ffff:1.2.3.4").value()));
  EXPECT_FALSE(is_ipv4(parse_address("::1.2.3.4").value()));
  EXPECT_FALSE(is_ipv4(parse_address("::").value()));
}

TEST(Address, Networks) {
  EXPECT_TRUE(in("10.1.2.3", "10.0.0.0", 96 + 8));
  EXPECT_FALSE(in("11.1.2.3", "10.0.0.0", 96 + 8));
  EXPECT_TRUE(in("172.31.0.1", "172.16.0.0", 96 + 12));
  EXPECT_FALSE(in("172.32.0.1", "172.16.0.0", 96 + 12));
  EXPECT_TRUE(in("fdff::1", "fc00::", 7));
  EXPECT_FALSE(in("fe00::1", "fc00::", 7));
  EXPECT_TRUE(in("::1", "::1", 128));
  EXPECT_FALSE(in("::2", "::1", 128));
  EXPECT_TRUE(in("8.8.8.8", "::", 0));
}

TEST(Address, AClientIsAnAddressOrANetwork) {
  EXPECT_EQ(network_of("127.0.0.1:40312"), "127.0.0.1");
  EXPECT_EQ(network_of("[::ffff:10.1.2.3]:1"), "10.1.2.3");
  EXPECT_EQ(network_of("[2001:db8:1:2:3:4:5:6]:443"), network_of("[2001:db8:1:2:ffff::9]:1"));
  EXPECT_NE(network_of("[2001:db8:1:2::1]:443"), network_of("[2001:db8:1:3::1]:443"));
  EXPECT_EQ(network_of("odd"), network_of("odd"));
}

}  // namespace
}  // namespace sigstore::net
