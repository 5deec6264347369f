/**
 * Surnames and their share in percent among Han Chinese born 1930–2008 (numbers from the ChineseNames database). 孙 于 姜 曲 are heavier and 陈 黄 lighter
 * in Shandong: multiplied below. The tail, 27.5 %, is spread evenly over further surnames.
 */
const LEADING =
  '王7.49 李7.37 张7.03 刘5.31 陈4.55 杨3.37 黄2.35 赵2.11 吴2.00 周1.96 徐1.50 孙1.46 朱1.32 马1.31 胡1.20 郭1.15 何1.07 高1.04 罗0.99 林0.98 ' +
  '郑0.91 梁0.84 谢0.75 宋0.73 唐0.71 韩0.64 许0.64 冯0.63 邓0.62 曹0.62 彭0.59 曾0.57 肖0.55 田0.54 董0.53 袁0.52 于0.51 潘0.51 蒋0.49 杜0.49 ' +
  '蔡0.49 余0.48 程0.47 魏0.46 叶0.46 吕0.45 丁0.45 苏0.45 任0.43 沈0.42';
const SECOND_FIFTY =
  '姜 曲 卢 崔 钟 谭 陆 汪 范 金 石 廖 贾 夏 韦 付 方 白 邹 孟 熊 秦 邱 江 尹 薛 闫 段 雷 侯 龙 史 陶 黎 贺 顾 毛 郝 龚 邵 万 钱 严 覃 武 戴 莫 孔 向 汤';
const TAIL =
  '常 温 康 施 文 牛 樊 葛 邢 安 齐 易 乔 伍 庞 颜 倪 庄 聂 章 鲁 岳 翟 殷 詹 申 欧 耿 关 兰 焦 俞 左 柳 甘 祝 包 宁 尚 符 舒 阮 柯 纪 梅 童 凌 毕 单 欧阳';
const SECOND_FIFTY_SHARE = 13.9;
const TAIL_SHARE = 13.6;

const IN_SHANDONG: Readonly<Record<string, number>> = { 孙: 1.6, 于: 2.5, 姜: 2.5, 曲: 2.5, 陈: 0.6, 黄: 0.5, 欧阳: 0.3 };

const evenly = (text: string, share: number): [string, number][] => {
  const names = text.split(' ');
  return names.map((name) => [name, share / names.length]);
};

/** Surname and weight. */
export const SURNAMES: readonly (readonly [string, number])[] = [
  ...LEADING.split(' ').map((entry): [string, number] => [entry.charAt(0), Number(entry.slice(1))]),
  ...evenly(SECOND_FIFTY, SECOND_FIFTY_SHARE),
  ...evenly(TAIL, TAIL_SHARE),
].map(([name, weight]) => [name, weight * (IN_SHANDONG[name] ?? 1)]);
