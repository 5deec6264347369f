import type { Sex } from '../family.js';

export type Generation = 'grandparent' | 'parent' | 'child';

/** How the given names of a generation and sex are made. */
export interface GivenNames {
  /** Whole names that were frequent. */
  readonly frequent: readonly string[];
  /** Share of people with a frequent name. */
  readonly frequentShare: number;
  /** Share with one character; the rest have two. */
  readonly oneCharacter: number;
  readonly first: readonly string[];
  readonly second: readonly string[];
}

const list = (text: string): string[] => text.split(' ');
const characters = (text: string): string[] => [...text];

/**
 * Frequent names by generation after the name reports of the Ministry of Public Security and the ChineseNames database; the
 * characters that other names are composed of are of the same style.
 */
export const GIVEN_NAMES: Readonly<Record<Generation, Readonly<Record<Sex, GivenNames>>>> = {
  grandparent: {
    male: {
      frequent: list('建国 建军 建华 志强 国强 玉林 明 德福 永平 保国'),
      frequentShare: 0.18,
      oneCharacter: 0.1,
      first: characters('建国玉振德永保明志文传继兆克守学立万金春洪士'),
      second: characters('国军华平福成林山海民生忠义才贵江亮臣峰信东'),
    },
    female: {
      frequent: list('秀英 秀兰 桂英 玉兰 桂兰 玉英 秀云 凤英 玉珍 桂荣'),
      frequentShare: 0.3,
      oneCharacter: 0.05,
      first: characters('秀桂玉凤淑兰爱翠月素春美瑞士庆传景金'),
      second: characters('英兰云珍芳荣花香芝梅莲美琴霞娥华菊玲'),
    },
  },
  parent: {
    male: {
      frequent: list('伟 磊 超 涛 强 鹏 杰 帅 凯 浩 鑫 志强'),
      frequentShare: 0.3,
      oneCharacter: 0.12,
      first: characters('志建文晓海明俊永振洪兴宗家庆绍光立学玉世广'),
      second: characters('伟磊超涛强鹏杰波刚勇军辉斌宁峰亮飞龙东明'),
    },
    female: {
      frequent: list('静 丽 娟 燕 敏 娜 婷 雪 倩 慧 丽丽 婷婷'),
      frequentShare: 0.32,
      oneCharacter: 0.12,
      first: characters('晓丽海春红文秀玉雪佳艳美淑金慧爱小莹立亚'),
      second: characters('静丽娟燕敏娜婷雪倩慧红霞芳玲华萍梅英琳颖'),
    },
  },
  child: {
    male: {
      frequent: list('沐宸 浩宇 沐辰 茗泽 奕辰 宇泽 浩然 奕泽 宇轩 沐阳 子墨 梓豪'),
      frequentShare: 0.12,
      oneCharacter: 0.063,
      first: characters('子梓浩宇沐泽奕一俊嘉博明昊皓承亦景思睿铭锦书星瑞'),
      second: characters('泽宸辰轩宇航霖然涵阳睿豪墨诚恒铭佑源哲卓凡毅昂晨'),
    },
    female: {
      frequent: list('若汐 一诺 艺涵 依诺 梓涵 苡沫 雨桐 欣怡 语桐 语汐 可欣'),
      frequentShare: 0.12,
      oneCharacter: 0.063,
      first: characters('梓子一若雨语欣思可沐艺依诗佳嘉芮伊昕婉锦书梦清安'),
      second: characters('涵汐桐诺怡萱彤玥琪妍昕瑶熙茹雯悦宁悠晴颖柠月禾'),
    },
  },
};
