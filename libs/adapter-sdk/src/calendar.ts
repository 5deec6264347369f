export {
  type Day,
  dayBefore,
  fullMonths,
  type Month,
  monthOf,
  monthsBefore,
  monthsEarlier,
  type Period,
  unbrokenSince,
  yearsBefore,
} from '@vouch/calendar';
